import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with the first value that `probe` gives without throwing; rejects with its last error after `withinMs`. */
export async function eventually<T>(probe: () => T | Promise<T>, withinMs = 60_000, everyMs = 20): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await pause(everyMs);
    }
  }
}
