import { fileURLToPath } from 'node:url';
import { createClient } from '@clickhouse/client';
import {
  eventually,
  freePort,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
  type RunningEndpoints,
} from '@rapport/testing';
import pg from 'pg';
import { ShopLoad } from './shop-load.js';

const program = fileURLToPath(new URL('../../services/standalone/dist/main.js', import.meta.url));

const kills = Number(process.env['RAPPORT_TEST_KILLS'] ?? 100);

/**
 * Rapport is killed while touchpoints stream in, in turn the parent alone and every process at once, and started again on
 * the same folder. In the end everything acknowledged is in both stores, and nothing is there twice.
 */
describe(`kill -9 of the embedded process during load, ${kills} times`, () => {
  const folder = temporaryFolder();
  let rapport: RapportProcess | undefined;
  afterAll(async () => {
    await rapport?.kill({ descendants: true });
    folder.remove();
  });

  it('nothing acknowledged is lost and nothing counts twice', async () => {
    const ports = { http: await freePort(), clickhouse: await freePort(), postgres: await freePort() };
    const environment = {
      RAPPORT_HTTP_PORT: String(ports.http),
      RAPPORT_CLICKHOUSE_PORT: String(ports.clickhouse),
      RAPPORT_POSTGRES_PORT: String(ports.postgres),
    };
    const start = async (): Promise<RunningEndpoints> => {
      const started = await startStandaloneProcess({ program, dataDir: folder.path, environment });
      rapport = started.process;
      return started.endpoints;
    };
    const load = new ShopLoad({ people: 150, seed: 7 });

    for (let round = 0; round < kills; round += 1) {
      const sending = load.sendUntilBroken(await start());
      await load.acknowledgesMore(5 + ((round * 7) % 40));
      await rapport?.kill({ descendants: round % 2 === 1 });
      await sending;
    }

    await expectEverythingOnce(await start(), load);
    expect(await rapport?.stop()).toBe(0);
  }, 3_600_000);
});

async function expectEverythingOnce(endpoints: RunningEndpoints, load: ShopLoad): Promise<void> {
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
