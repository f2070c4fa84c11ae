import type { Pool } from 'pg';
import { exclusively } from '../exclusive/exclusively.js';

/**
 * Erasing people and wrapping keys anew must not meet, in whatever processes: an erased key could come back. Gives
 * `undefined` where somebody else is at it.
 */
export function withKeyWork<T>(postgres: Pool, work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
  return exclusively(postgres, 'rapport/keys', work);
}
