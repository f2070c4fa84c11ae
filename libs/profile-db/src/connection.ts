import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` on a connection of its own. What it reports as `lost` is closed afterwards, and not given to others: the
 * connection is in a state nobody knows.
 */
export async function onConnection<T>(
  pool: Pool,
  work: (client: PoolClient, lost: (error: unknown) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const lost = (error: unknown): void => {
    broken = error instanceof Error ? error : new Error(String(error));
  };
  // A connection lost between two statements is announced as an event; without a listener it would end the process.
  client.on('error', lost);
  try {
    return await work(client, lost);
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}
