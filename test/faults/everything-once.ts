import { createClient } from '@clickhouse/client';
import { eventually, type RunningEndpoints } from '@rapport/testing';
import pg from 'pg';
import type { ShopLoad } from './shop-load.js';

/** All that was acknowledged is in ClickHouse, once, and its orders and their money are in both stores. */
export async function expectEverythingOnce(endpoints: RunningEndpoints, load: ShopLoad): Promise<void> {
  const { url, database, username, password } = endpoints.clickhouse;
  const clickhouse = createClient({ url, database, username, password });
  const postgres = new pg.Client(endpoints.postgres);
  await postgres.connect();
  const rows = async <T>(query: string): Promise<T[]> =>
    (await clickhouse.query({ query, format: 'JSONEachRow' })).json<T>();
  try {
    const stored = await eventually(
      async () => {
        const found = await rows<{ message_id: string; n: string }>(
          "SELECT message_id, toString(count()) AS n FROM touchpoints WHERE source_id = 'default' GROUP BY message_id",
        );
        const ids = new Set(found.map(({ message_id }) => message_id));
        const missing = load.acknowledged.filter((id) => !ids.has(id));
        expect(missing).toEqual([]);
        return found;
      },
      300_000,
      500,
    );
    expect(stored.filter(({ n }) => n !== '1')).toEqual([]);
    const sent = new Set(load.sent);
    expect(stored.filter(({ message_id }) => !sent.has(message_id))).toEqual([]);

    const orders = stored.map(({ message_id }) => load.orderOf(message_id)).filter((order) => order !== undefined);
    const revenue = orders.reduce((sum, { total }) => sum + total, 0);
    await eventually(
      async () => {
        const { rows: totals } = await postgres.query<{ orders: number; revenue: string }>(
          'SELECT count(*)::int AS orders, sum(amount)::text AS revenue FROM profile.orders',
        );
        expect(totals[0]?.orders).toBe(orders.length);
        expect(Number(totals[0]?.revenue)).toBe(revenue);
        const [summed] = await rows<{ orders: string; revenue: string }>(
          'SELECT count() AS orders, sum(total) AS revenue FROM orders',
        );
        expect([Number(summed?.orders), Number(summed?.revenue)]).toEqual([orders.length, revenue]);
      },
      300_000,
      500,
    );
  } finally {
    await clickhouse.close();
    await postgres.end();
  }
}
