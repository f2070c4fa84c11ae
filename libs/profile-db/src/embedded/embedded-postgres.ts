import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { binariesFor, type PostgresBinaries } from './binaries.js';
import { ensureCluster, standingIn } from './cluster.js';
import { signalAndWait, stopLeftOverPostmaster } from './left-over-postmaster.js';
import { giveTo, serverUserFor, type ServerUser } from './server-user.js';
import { settingArguments } from './settings.js';

const host = '127.0.0.1';
const startWithinMs = 60_000;
const stopWithinMs = 10_000;
const restartPauseMs = 500;
/** What keeps it from starting, a full disk for one, is seldom gone within seconds. */
const longestRestartPauseMs = 10_000;
const keepServerLogBytes = 10 * 1024 * 1024;

export interface EmbeddedPostgresOptions {
  /** Absolute; holds the data folder and the server's own log. Made when absent. */
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  /** Must stay the same for the life of the folder. */
  readonly password: string;
  readonly database: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export interface EmbeddedPostgres {
  /** `postgres://user:password@127.0.0.1:port/database` */
  readonly url: string;
  readonly processId: () => number | undefined;
  stop(): Promise<void>;
}

interface Installation {
  readonly options: EmbeddedPostgresOptions;
  readonly dataFolder: string;
  readonly serverLog: string;
  readonly binaries: PostgresBinaries;
  readonly runAs: ServerUser;
}

/**
 * Starts the PostgreSQL server that npm installed, on 127.0.0.1 only, and starts it again if it dies. Stops first what
 * a killed Rapport left running on the folder. Rejects with an error for people: port taken, folder not ours.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const installation = await prepare(options);
  const leftOver = await stopLeftOverPostmaster(installation.dataFolder);
  if (leftOver !== undefined) options.logger.info({ pid: leftOver }, 'Stopped the PostgreSQL server of an earlier run');
  await refuseTakenPort(options.port);

  let stopping = false;
  let server = await startServer(installation);
  const superviseAfterExit = async (): Promise<void> => {
    if (stopping) return;
    options.logger.error('The embedded PostgreSQL died; starting it again');
    for (let wait = restartPauseMs; !stopping; wait = Math.min(wait * 2, longestRestartPauseMs)) {
      await pause(wait);
      if (stopping) return;
      try {
        server = await startServer(installation);
        server.once('exit', () => void superviseAfterExit());
        return;
      } catch (error) {
        options.logger.error({ err: error }, 'The embedded PostgreSQL did not start again');
      }
    }
  };
  server.once('exit', () => void superviseAfterExit());

  return {
    url: urlOf(options, options.database),
    processId: () => server.pid,
    stop: async () => {
      stopping = true;
      await stopServer(server);
    },
  };
}

async function prepare(options: EmbeddedPostgresOptions): Promise<Installation> {
  const folder = path.resolve(options.folder);
  const dataFolder = path.join(folder, 'data');
  const runAs = await serverUserFor(dataFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseForeignFolder(dataFolder);
  await chmod(folder, 0o700);
  await giveTo(runAs, folder);
  const binaries = await binariesFor(runAs);
  await ensureCluster({ folder, dataFolder, binaries, runAs, user: options.user, password: options.password });
  return { options, dataFolder, serverLog: path.join(folder, 'postgres.log'), binaries, runAs };
}

async function refuseForeignFolder(dataFolder: string): Promise<void> {
  const us = process.getuid?.();
  const owner = await stat(path.dirname(dataFolder));
  if (us === undefined || us === 0 || owner.uid === us) return;
  throw new Error(
    `${path.dirname(dataFolder)} belongs to another user (id ${owner.uid}), probably because Rapport was started as root before. ` +
      `Give it to yourself (sudo chown -R $(id -u) ${path.dirname(dataFolder)}) or set RAPPORT_DATA_DIR to a folder of your own.`,
  );
}

async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen({ port, host, exclusive: true });
    await once(probe, 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(
      `Port ${port} on ${host}, meant for the embedded PostgreSQL, is taken by another program. ` +
        'Stop that program or set RAPPORT_POSTGRES_PORT to a free port.',
      { cause },
    );
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

async function startServer(installation: Installation): Promise<ChildProcess> {
  const { options, dataFolder, serverLog, binaries, runAs } = installation;
  await keepLogShort(serverLog);
  const log = await open(serverLog, 'a', 0o600);
  const logStart = (await log.stat()).size;
  // A session of its own: Ctrl-C in the terminal reaches Rapport alone, which stops PostgreSQL after its consumers.
  const server = spawn(
    binaries.postgres,
    ['-D', standingIn(dataFolder), '-p', String(options.port), ...settingArguments()],
    { ...runAs, cwd: dataFolder, detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  server.unref();
  try {
    await Promise.race([
      once(server, 'spawn'),
      once(server, 'error').then(([error]) => Promise.reject(error as Error)),
    ]);
    await untilItAnswers(server, options);
    await ensureDatabase(options);
    return server;
  } catch (cause) {
    await stopServer(server);
    const said = (await readFile(serverLog)).subarray(logStart).toString('utf8').trim();
    throw new Error(
      `The embedded PostgreSQL did not start: ${(cause as Error).message}. Its log (${serverLog}) says:\n${said}`,
      { cause },
    );
  } finally {
    await log.close();
  }
}

async function untilItAnswers(server: ChildProcess, options: EmbeddedPostgresOptions): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error('it ended at once');
    try {
      return await withClient(options, async () => undefined);
    } catch (error) {
      if (!isStillStarting(error) || performance.now() > deadline) throw explained(error);
    }
    await pause(20);
  }
}

function isStillStarting(error: unknown): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes((error as { code?: string }).code ?? '');
}

function explained(error: unknown): unknown {
  if ((error as { code?: string }).code !== '28P01') return error;
  return new Error('the data folder was made with another password; use the one it was made with', { cause: error });
}

async function ensureDatabase(options: EmbeddedPostgresOptions): Promise<void> {
  await withClient(options, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [options.database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(options.database)}`);
  });
}

async function withClient(options: EmbeddedPostgresOptions, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(options, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  const { pid } = server;
  const isGone = (): boolean => server.exitCode !== null || server.signalCode !== null;
  if (pid === undefined || isGone()) return;
  if (await signalAndWait(pid, 'SIGINT', stopWithinMs, isGone)) return;
  if (await signalAndWait(pid, 'SIGQUIT', stopWithinMs, isGone)) return;
  await signalAndWait(pid, 'SIGKILL', stopWithinMs, isGone);
}

async function keepLogShort(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > keepServerLogBytes) await rename(file, `${file}.1`);
}

function urlOf(options: EmbeddedPostgresOptions, database: string): string {
  const credentials = `${encodeURIComponent(options.user)}:${encodeURIComponent(options.password)}`;
  return `postgres://${credentials}@${host}:${options.port}/${encodeURIComponent(database)}`;
}
