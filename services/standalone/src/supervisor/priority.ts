import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Nice value: a tenth of the processor time of one at 0 that wants all it can get. Low enough for the front, enough to go on. */
export const lower = 10;

/** The kernel takes ten changes a second, of all sessions together, from who is not root. */
const retryMs = 120;
const retries = 100;

/**
 * Lowers the priority of a process and all its threads; those made later by them follow. On a machine with time to spare it is
 * as fast as before. Where Linux shares the processors among sessions first (`sched_autogroup_enabled`), nice counts within a session
 * only, so there the process's session is lowered too, unless it is our own.
 */
export async function letOthersGoFirst(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  for (const thread of threadsOf(pid)) ifPossible(() => getPriority(thread) < lower && setPriority(thread, lower));
  for (let tried = 0; tried < retries && !wasTaken(() => lowerSession(pid)); tried += 1)
    await pause(retryMs, undefined, { ref: false });
}

/** Linux has a priority for each thread, others one for the process. */
function threadsOf(pid: number): readonly number[] {
  return ifPossible(() => readdirSync(`/proc/${pid}/task`).map(Number)) ?? [pid];
}

function lowerSession(pid: number): void {
  const sessionOf = (whose: number | 'self') => readFileSync(`/proc/${whose}/autogroup`, 'utf8').split(' ')[0];
  if (sessionOf(pid) !== sessionOf('self')) writeFileSync(`/proc/${pid}/autogroup`, String(lower));
}

/** False when the kernel says that it may be asked again. */
function wasTaken(change: () => void): boolean {
  try {
    change();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
  return true;
}

/** The process has ended already, or this system has no priorities: nothing depends on it. */
function ifPossible<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
