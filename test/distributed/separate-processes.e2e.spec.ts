import { createClient } from '@clickhouse/client';
import {
  eventually,
  freePort,
  startStandaloneProcess,
  temporaryFolder,
  whyNoKafkaBroker,
  type RunningEndpoints,
} from '@rapport/testing';
import { smallShop } from './small-shop.js';
import { built, newSecrets, partitions, startDistributed } from './start-distributed.js';

const people = 60;
const secrets = newSecrets();

type Stop = () => Promise<unknown>;
type Clickhouse = RunningEndpoints['clickhouse'];
interface Running {
  readonly http: string;
  readonly query: string;
  readonly clickhouse: Clickhouse;
}

const kafkaMissing = await whyNoKafkaBroker();
const describeWithKafka = kafkaMissing === undefined ? describe : describe.skip;
if (kafkaMissing !== undefined) process.stdout.write(`Skipped, separate processes on Kafka: ${kafkaMissing}\n`);

/**
 * The same history through one embedded Rapport, and through collect, two of resolve, profile, analyze and query as
 * processes of their own on a real Kafka broker, a real PostgreSQL and the real ClickHouse engine by URL.
 */
describeWithKafka('services one by one on Kafka', () => {
  const stops: Stop[] = [];
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  it('give the same answers as embedded', async () => {
    const [embedded, distributed] = [await startEmbedded(stops), await startServices(stops)];
    for (const running of [embedded, distributed]) await send(running.http);
    for (const running of [embedded, distributed]) await allIsQueryable(running.clickhouse);

    const tables = ['cohort_retention_monthly', 'ltv_by_cohort_monthly'];
    for (const table of tables) {
      const query = `SELECT * FROM ${table} ORDER BY cohort_month, age_months`;
      // Merges may follow the touchpoints by a moment, on either side.
      await eventually(async () => {
        const rows = await ask(embedded.clickhouse, query);
        expect(rows.length).toBeGreaterThan(5);
        expect(await ask(distributed.clickhouse, query)).toEqual(rows);
      });
    }
    for (let person = 0; person < people; person += 7) {
      // The profiles may follow the analytics tables by a moment, on either side.
      await eventually(async () => {
        const profile = await profileOf(embedded.query, `user-${person}`);
        expect(await profileOf(distributed.query, `user-${person}`)).toEqual(profile);
        expect(await profileOf(distributed.query, `device-${person}`)).toEqual(profile);
      });
    }
  });
});

async function startEmbedded(stops: Stop[]): Promise<Running> {
  const folder = temporaryFolder();
  const { process: rapport, endpoints } = await startStandaloneProcess({
    program: built('standalone', 'main.js'),
    dataDir: folder.path,
    environment: {
      ...secrets,
      ...partitions,
      RAPPORT_HTTP_PORT: String(await freePort()),
      RAPPORT_CLICKHOUSE_PORT: String(await freePort()),
      RAPPORT_POSTGRES_PORT: String(await freePort()),
    },
  });
  stops.push(async () => {
    await rapport.stop();
    folder.remove();
  });
  return { http: endpoints.http, query: endpoints.http, clickhouse: endpoints.clickhouse };
}

async function startServices(stops: Stop[]): Promise<Running> {
  const distributed = await startDistributed(secrets);
  stops.push(() => distributed.stop());
  const { url: http } = await distributed.start('collect');
  await Promise.all(['resolve-1', 'resolve-2'].map((instance) => distributed.start('resolve', instance)));
  await Promise.all(['profile', 'analyze'].map((service) => distributed.start(service)));
  const { url: query } = await distributed.start('query');
  return { http, query, clickhouse: distributed.clickhouse };
}

async function send(http: string): Promise<void> {
  const messages = smallShop(people);
  for (let start = 0; start < messages.length; start += 50) {
    const response = await fetch(`${http}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-write-key': secrets.RAPPORT_WRITE_KEY },
      body: JSON.stringify({ batch: messages.slice(start, start + 50) }),
    });
    expect(response.status).toBe(200);
  }
}

async function allIsQueryable(clickhouse: Clickhouse): Promise<void> {
  await eventually(async () => {
    const [row] = await ask(clickhouse, "SELECT toUInt32(count()) AS n FROM touchpoints WHERE source_id = 'default'");
    expect(row).toEqual({ n: smallShop(people).length });
  });
}

async function ask({ url, database, username, password }: Clickhouse, query: string): Promise<unknown[]> {
  const client = createClient({ url, database, username, password });
  try {
    return await (await client.query({ query, format: 'JSONEachRow' })).json();
  } finally {
    await client.close();
  }
}

/** What is known of a person, without the moments at which this run happened to learn it. */
async function profileOf(query: string, identifier: string): Promise<unknown> {
  return eventually(async () => {
    const response = await fetch(`${query}/v1/profiles/${identifier}`, {
      headers: { authorization: `Bearer ${secrets.RAPPORT_API_KEY}` },
    });
    expect(response.status).toBe(200);
    return withoutMoments(await response.json());
  });
}

function withoutMoments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMoments);
  if (typeof value !== 'object' || value === null) return value;
  const volatile = new Set([
    'receivedAt',
    'logPartition',
    'logOffset',
    'updatedAt',
    'memberships',
    'scores',
    'deliveries',
  ]);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !volatile.has(key))
      .map(([key, inner]) => [key, withoutMoments(inner)]),
  );
}
