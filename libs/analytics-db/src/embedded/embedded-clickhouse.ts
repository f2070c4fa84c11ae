import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { FromServer, ServerStart, ToServer } from './server-messages.js';
import type { Credentials } from './users.js';

const host = '127.0.0.1';
/** The compiled program; sources that run uncompiled (tests) start the compiled one too. */
const program = fileURLToPath(new URL('../../dist/embedded/clickhouse-server-process.js', import.meta.url));
const stopWithinMs = 8_000;
const restartPauseMs = 500;
/** What keeps it from starting, a full disk for one, is seldom gone within seconds. */
const longestRestartPauseMs = 10_000;
/** How long the server of a killed run may take to give the folder free. */
const folderFreeWithinMs = 10_000;
/** Running queries each hold a thread; files of rows need some too. */
const threads = 32;

export interface EmbeddedClickHouseOptions {
  /** Absolute; made when absent. One process at a time can hold it. */
  readonly folder: string;
  readonly port: number;
  readonly database: string;
  /** May do everything. */
  readonly writer: Credentials;
  /** May read the database's tables, within limits of time and memory. */
  readonly analyst: Credentials;
  /** Memory that one question of an analyst may take; 2 GiB when not given. */
  readonly analystMemoryBytes?: number | undefined;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Each time that it has been started. */
  readonly onStarted?: (processId: number) => void;
}

export interface EmbeddedClickHouse {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly processId: () => number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts chDB (the ClickHouse engine) in a child process that speaks the ClickHouse HTTP interface on 127.0.0.1, and
 * starts it again if it dies. Rejects with an error for people: port taken, folder in use.
 */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  if (!existsSync(program)) throw new Error(`${program} is missing. Run npm run build first.`);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await refuseTakenPort(options.port);
  let stopping = false;
  let server = await startServer(options);
  const superviseAfterExit = async (): Promise<void> => {
    if (stopping) return;
    options.logger.error('The embedded ClickHouse died; starting it again');
    for (let wait = restartPauseMs; !stopping; wait = Math.min(wait * 2, longestRestartPauseMs)) {
      await pause(wait);
      if (stopping) return;
      try {
        server = await startServer(options);
        server.once('exit', () => void superviseAfterExit());
        return;
      } catch (error) {
        options.logger.error({ err: error }, 'The embedded ClickHouse did not start again');
      }
    }
  };
  server.once('exit', () => void superviseAfterExit());
  return {
    url: `http://${host}:${options.port}`,
    processId: () => server.pid,
    stop: async () => {
      stopping = true;
      await stopServer(server);
    },
  };
}

async function startServer(options: EmbeddedClickHouseOptions): Promise<ChildProcess> {
  const { port, database, writer, analyst, analystMemoryBytes } = options;
  const users = { writer, analyst };
  const start: ServerStart = { folder: path.resolve(options.folder), host, port, database, users, analystMemoryBytes };
  const serverLog = path.join(options.folder, 'server.log');
  const deadline = performance.now() + folderFreeWithinMs;
  for (;;) {
    const server = await forkServer(serverLog);
    const answer = await firstAnswer(server, { kind: 'start', start });
    if (answer.kind === 'ready') {
      if (server.pid !== undefined) options.onStarted?.(server.pid);
      server.unref();
      server.channel?.unref();
      return server;
    }
    server.kill('SIGKILL');
    // The engine writes its reason there and throws without it.
    const said = (await readFile(serverLog, 'utf8')).trim();
    const inUse = /Cannot lock file|Another server instance/.test(said);
    if (!inUse || performance.now() > deadline) throw explained(answer, options, { said, inUse });
    await pause(100);
  }
}

/** Its log holds what the engine says when it dies, and nothing while it lives. */
async function forkServer(logFile: string): Promise<ChildProcess> {
  const log = await open(logFile, 'w', 0o600);
  try {
    return fork(program, [], {
      // A session of its own, so that Ctrl-C does not reach it before our consumers are done.
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      serialization: 'advanced',
      execArgv: [],
      // Nothing of our own environment: it may hold secrets, and the engine reads settings from it.
      env: { TZ: 'UTC', UV_THREADPOOL_SIZE: String(threads) },
    });
  } finally {
    await log.close();
  }
}

async function firstAnswer(server: ChildProcess, message: ToServer): Promise<FromServer> {
  const ended = once(server, 'exit').then(([code, signal]): FromServer => {
    const how = signal === null ? `with code ${String(code)}` : `by ${String(signal)}`;
    return { kind: 'failed', message: `it ended ${how} before it was ready`, code: null };
  });
  const told = once(server, 'message').then(([answer]) => answer as FromServer);
  server.send(message);
  return Promise.race([told, ended]);
}

function explained(
  failure: FromServer & { kind: 'failed' },
  { port, folder }: EmbeddedClickHouseOptions,
  { said, inUse }: { readonly said: string; readonly inUse: boolean },
): Error {
  if (failure.code === 'EADDRINUSE') return portTaken(port);
  if (inUse) {
    return new Error(`Another Rapport uses ${folder}. Stop it first, or set RAPPORT_DATA_DIR to another folder.`);
  }
  return new Error(
    `The embedded ClickHouse did not start: ${failure.message}. It needs Linux with glibc or macOS, on x64 or arm64; ` +
      `elsewhere set RAPPORT_CLICKHOUSE_URL to a ClickHouse server. It said: ${said.slice(-2_000) || 'nothing'}`,
  );
}

function portTaken(port: number): Error {
  return new Error(
    `Port ${port} on ${host}, meant for the embedded ClickHouse, is taken by another program. ` +
      'Stop that program or set RAPPORT_CLICKHOUSE_PORT to a free port.',
  );
}

async function refuseTakenPort(port: number): Promise<void> {
  const deadline = performance.now() + 2_000;
  for (;;) {
    const probe = createServer();
    try {
      probe.listen({ port, host, exclusive: true });
      await once(probe, 'listening');
      return;
    } catch (error) {
      // The server of a run that was just killed may hold it for another moment.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (performance.now() > deadline) throw portTaken(port);
      await pause(50);
    } finally {
      await new Promise((resolve) => probe.close(resolve));
    }
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.ref();
  const exited = once(server, 'exit');
  if (server.connected) server.send({ kind: 'stop' } satisfies ToServer);
  const timer = setTimeout(() => server.kill('SIGKILL'), stopWithinMs);
  await exited;
  clearTimeout(timer);
}
