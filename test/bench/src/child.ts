import { fork, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type LoadDone, type LoadOrder } from './load-process.js';
import { cpuBetween, usageOfTree } from './process-tree.js';

/** As `npm start` and `npm run service` run it: most of what a request makes is garbage at once. */
const execArgv = ['--max-semi-space-size=32'];

/** A server under test, in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly writeKey: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startBareServer(folder: string): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL('./bare-server.js', import.meta.url)), [folder], { execArgv });
  const { url } = await answerOf<{ readonly url: string }>(child);
  return { url, writeKey: 'bench', pid: child.pid ?? 0, stop: () => stop(child) };
}

/** A program of the project with settings of its own; resolves when `ready` does. Its output is shown when it ends too early. */
export async function startProgram(
  program: string,
  environment: Readonly<Record<string, string>>,
  ready: () => Promise<boolean>,
): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('RAPPORT_'));
  const child = spawn(process.execPath, [...execArgv, program], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (output = `${output}${text}`.slice(-4000)));
  for (let waited = 0; !(await ready()); waited += 100) {
    if (child.exitCode !== null || waited > 120_000) {
      await stop(child);
      throw new Error(`${program} did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pid: child.pid ?? 0, stop: () => stop(child) };
}

export interface MeasuredLoad extends LoadDone {
  readonly eventsPerSecond: number;
  /** CPU seconds of the server's processes, by part; undefined where it cannot be measured. */
  readonly cpuSeconds: ReadonlyMap<string, number> | undefined;
  readonly memoryBytes: number | undefined;
}

/** Loads a server from a process of its own, and measures what the server used meanwhile. */
export async function load(server: ServerProcess, order: Omit<LoadOrder, 'url' | 'writeKey'>): Promise<MeasuredLoad> {
  const child = fork(fileURLToPath(new URL('./load-process.js', import.meta.url)));
  const before = await usageOfTree(server.pid);
  child.send({ ...order, url: server.url, writeKey: server.writeKey } satisfies LoadOrder);
  const done = await answerOf<LoadDone>(child);
  const after = await usageOfTree(server.pid);
  return {
    ...done,
    eventsPerSecond: done.acknowledgedEvents / done.seconds,
    cpuSeconds: before && after && cpuBetween(before, after),
    memoryBytes: after?.memoryBytes,
  };
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`a process of the bench ended early (exit code ${code})`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(impatient);
}
