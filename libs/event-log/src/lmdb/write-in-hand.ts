import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

/** A thread's own `process.stderr` has no descriptor. */
const standardError = 2;

let writesInHand = 0;
let isWatching = false;

/**
 * Runs a write transaction of LMDB. Every one whose action is JavaScript must go through here.
 *
 * LMDB's thread holds the lock of all writers and waits for the JavaScript thread to run the action. An exit waits for that thread in turn,
 * so a process that exits meanwhile (`process.exit`, an error that nobody caught) would never end, and nobody else could write until
 * it was killed. It kills itself instead, also where a thread of it ends so: what it had not committed is as after any kill.
 */
export async function asWriteInHand<T>(write: () => Promise<T>): Promise<T> {
  watchExit();
  writesInHand += 1;
  try {
    return await write();
  } finally {
    writesInHand -= 1;
  }
}

function watchExit(): void {
  if (isWatching) return;
  isWatching = true;
  let uncaught: { readonly error: unknown } | undefined;
  process.on('uncaughtExceptionMonitor', (error) => (uncaught = { error }));
  process.on('exit', () => {
    if (writesInHand === 0) return;
    // Node would print it after this.
    if (uncaught) writeSync(standardError, `${inspect(uncaught.error)}\n`);
    process.kill(process.pid, 'SIGKILL');
  });
}
