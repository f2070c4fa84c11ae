import path from 'node:path';
import { createClient } from '@clickhouse/client';
import {
  eventually,
  freePortSettings,
  RapportProcess,
  prepareDataFolder,
  startStandaloneProcess,
  temporaryFolder,
  type RunningEndpoints,
} from '@rapport/testing';
import pg from 'pg';

const built = path.resolve(import.meta.dirname, '../../services/standalone/dist');

/**
 * `rapport replay` is killed while it builds its copy, and while it holds the live consumer to put the copy in its place.
 * The consumer goes on by itself, nothing of the copy was seen, and a replay started again ends.
 */
describe('kill -9 of a replay', () => {
  const folder = temporaryFolder();
  const environment: Record<string, string> = {};
  let rapport: { process: RapportProcess; endpoints: RunningEndpoints };
  let other: pg.Client;
  let holder: pg.Client;

  beforeAll(async () => {
    Object.assign(environment, await freePortSettings());
    await prepareDataFolder(folder.path);
    rapport = await startStandaloneProcess(
      { program: path.join(built, 'main.js'), environment, dataDir: folder.path },
      120_000,
    );
    other = new pg.Client({ connectionString: rapport.endpoints.postgres });
    holder = new pg.Client({ connectionString: rapport.endpoints.postgres });
    await Promise.all([other.connect(), holder.connect()]);
    await send(Array.from({ length: 200 }, (_, i) => order(`before-${i}`)));
    await eventually(async () => expect(await ordersIn('postgresql')).toBe(200), 60_000);
    await eventually(async () => expect(await ordersIn('clickhouse')).toBe(200), 60_000);
  }, 240_000);
  afterAll(async () => {
    await Promise.all([other?.end(), holder?.end()]);
    await rapport?.process.kill({ descendants: true });
    folder.remove();
  });

  const order = (id: string) => ({
    type: 'track',
    messageId: id,
    userId: `user-${id}`,
    event: 'Order Completed',
    properties: { order_id: id, total: 10, currency: 'EUR' },
  });
  const send = async (batch: readonly object[]): Promise<void> => {
    const { http, writeKey } = rapport.endpoints;
    const response = await fetch(`${http}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
      body: JSON.stringify({ batch }),
    });
    expect(response.status).toBe(200);
  };
  const ordersIn = async (store: 'postgresql' | 'clickhouse'): Promise<number> => {
    if (store === 'postgresql') {
      const { rows } = await other.query<{ n: number }>('SELECT count(*)::int AS n FROM profile.orders');
      return rows[0]?.n ?? 0;
    }
    const { url, database, username, password } = rapport.endpoints.clickhouse;
    const client = createClient({ url, database, username, password });
    try {
      const answer = await client.query({ query: 'SELECT toUInt32(count()) AS n FROM orders', format: 'JSONEachRow' });
      return (await answer.json<{ n: number }>())[0]?.n ?? 0;
    } finally {
      await client.close();
    }
  };
  const replay = (...args: string[]): RapportProcess =>
    new RapportProcess({
      program: path.join(built, 'cli/main.js'),
      args: ['replay', ...args],
      environment: { ...environment, RAPPORT_DATA_DIR: folder.path },
    });
  const is = (started: RapportProcess, query: string) =>
    eventually(
      async () => {
        if (started.ended) throw new Error(`the replay ended by itself:\n${started.output.slice(-20_000)}`);
        expect((await other.query(query)).rowCount).toBe(1);
      },
      60_000,
      10,
    );
  const endsWell = async (service: string): Promise<void> => {
    const again = replay(service, '--verify', '--json');
    const said = await again.finished();
    const { tables } = JSON.parse(said.slice(said.indexOf('{'))) as {
      tables: { live: object; rebuilt: object }[];
    };
    expect(tables.length).toBeGreaterThan(0);
    for (const { live, rebuilt } of tables) expect(rebuilt).toEqual(live);
    const { rows } = await other.query("SELECT FROM pg_namespace WHERE nspname LIKE 'rebuild%'");
    expect(rows).toEqual([]);
  };

  it.each([
    ['profile', 'postgresql'],
    ['analyze', 'clickhouse'],
  ] as const)(
    'Given a replay of %s that builds its copy, when it is killed, then the service never noticed',
    async (service, store) => {
      const killed = replay(service);
      await is(killed, `SELECT FROM pg_namespace WHERE nspname = 'rebuild_${service}_runtime'`);
      await killed.kill();

      const before = await ordersIn(store);
      await send([order(`beside-${service}`)]);
      await eventually(async () => expect(await ordersIn(store)).toBe(before + 1), 60_000);
      await endsWell(service);
    },
    240_000,
  );

  it.each([
    ['resolve', 'postgresql'],
    ['profile', 'postgresql'],
    ['analyze', 'clickhouse'],
  ] as const)(
    'Given a replay that holds %s, when it is killed, then the service goes on by itself',
    async (service, store) => {
      // Somebody else has a position in hand on which nothing comes, so the replay holds the consumer and waits.
      await holder.query('BEGIN');
      await holder.query(
        `SELECT FROM runtime.positions WHERE consumer = '${service}' ORDER BY position, topic, partition LIMIT 1 FOR UPDATE`,
      );
      const killed = replay(service);
      await is(
        killed,
        `SELECT FROM pg_stat_activity WHERE application_name = 'rapport-cli' AND wait_event_type = 'Lock'
           AND query LIKE '%runtime.positions%FOR UPDATE%'`,
      );
      await killed.kill();
      await holder.query('ROLLBACK');

      const before = await ordersIn(store);
      await send([order(`after-${service}`)]);
      await eventually(async () => expect(await ordersIn(store)).toBe(before + 1), 60_000);
      await endsWell(service);
    },
    240_000,
  );
});
