import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How long a left-over server may take over its last checkpoint before it is made to stop without one. */
const fastStopMs = 5_000;
const immediateStopMs = 5_000;

/**
 * Stops the PostgreSQL server that a killed Rapport left running on this data folder, and tells its process id.
 * A process that merely got the same id later is left alone.
 */
export async function stopLeftOverPostmaster(dataFolder: string): Promise<number | undefined> {
  const pidFile = path.join(dataFolder, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid === undefined) return undefined;
  if (!(await runsOn(pid, dataFolder))) {
    // PostgreSQL takes any living process with this id for its own and would refuse to start.
    await rm(pidFile, { force: true });
    return undefined;
  }
  const isGone = async (): Promise<boolean> => !(await runsOn(pid, dataFolder));
  const stopped =
    (await signalAndWait(pid, 'SIGINT', fastStopMs, isGone)) ||
    (await signalAndWait(pid, 'SIGQUIT', immediateStopMs, isGone));
  if (!stopped) {
    throw new Error(
      `A PostgreSQL server (process ${pid}) still uses ${dataFolder} and does not stop. ` +
        `End it (kill -9 ${pid}) and start again.`,
    );
  }
  return pid;
}

/** Asks a process to stop; false when it is still there after `withinMs`. */
export async function signalAndWait(
  pid: number,
  signal: NodeJS.Signals,
  withinMs: number,
  isGone: () => boolean | Promise<boolean>,
): Promise<boolean> {
  if (!send(pid, signal)) return true;
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isGone()) return true;
    await pause(10);
  }
  return false;
}

async function readPid(pidFile: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text.split('\n', 1)[0] ?? '', 10);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

/** A postmaster always stands in its data folder; a dead one that nobody has reaped stands nowhere. */
async function runsOn(pid: number, dataFolder: string): Promise<boolean> {
  if (!send(pid, 0)) return false;
  if (process.platform === 'linux') {
    const standsIn = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return standsIn !== undefined && standsIn === (await realpath(dataFolder));
  }
  const command = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return command.stdout.includes('postgres') && command.stdout.includes(dataFolder);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
