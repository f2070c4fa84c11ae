import type { Pool, PoolClient } from 'pg';
import { onConnection } from './connection.js';

/** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
export function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  return onConnection(pool, async (client, lost) => {
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(lost);
      throw error;
    }
  });
}
