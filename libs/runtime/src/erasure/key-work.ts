import type { Pool, PoolClient } from 'pg';

const advisoryLock = 7_241_991;

/**
 * Erasing people and wrapping keys anew must not meet, in whatever processes: an erased key could come back. Gives
 * `undefined` where somebody else is at it.
 */
export async function withKeyWork<T>(
  postgres: Pool,
  work: () => Promise<T>,
): Promise<{ readonly done: T } | undefined> {
  // The lock belongs to the connection, and is gone with it however the process ends.
  const client = await postgres.connect();
  let broken: Error | undefined;
  const onLost = (error: Error): void => {
    broken = error;
  };
  client.on('error', onLost);
  try {
    if (!(await lock(client))) return undefined;
    try {
      return { done: await work() };
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock]).catch((error: Error) => {
        broken = error;
      });
    }
  } finally {
    client.off('error', onLost);
    client.release(broken);
  }
}

async function lock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [advisoryLock]);
  return rows[0]?.locked === true;
}
