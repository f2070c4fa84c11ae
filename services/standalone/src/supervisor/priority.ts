import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';

/** Nice value: a third of the processor time of one at 0 that wants all it can get. Low enough for the front, enough to go on. */
const lower = 5;

/**
 * Lowers the priority of a child's main thread, where its JavaScript runs; threads made later by that one follow. On a
 * machine with time to spare it is as fast as before.
 */
export function letOthersGoFirst({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, lower);
  } catch {
    // It has ended already, or this system has no priorities: nothing depends on it.
  }
}
