import { onConnection } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';

/**
 * Does `work` while nobody else, in whatever process, does work of this name. Gives `undefined` where somebody else is at
 * it.
 */
export function exclusively<T>(
  postgres: Pool,
  name: string,
  work: () => Promise<T>,
): Promise<{ readonly done: T } | undefined> {
  // The lock belongs to the connection, and is gone with it however the process ends.
  return onConnection(postgres, async (client, lost) => {
    if (!(await lock(client, name))) return undefined;
    try {
      return { done: await work() };
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(lost);
    }
  });
}

async function lock(client: PoolClient, name: string): Promise<boolean> {
  const query = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked';
  const { rows } = await client.query<{ locked: boolean }>(query, [name]);
  return rows[0]?.locked === true;
}
