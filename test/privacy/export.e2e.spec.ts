import { CollectModule } from '@rapport/service-collect';
import { analyzeConsumer } from '@rapport/service-analyze';
import { profileConsumer } from '@rapport/service-profile';
import { QueryModule } from '@rapport/service-query';
import { resolveConsumer } from '@rapport/service-resolve';
import { eventually, startServing, startTestPlatform, type Serving, type TestPlatform } from '@rapport/testing';

interface Exported {
  readonly profileId: string;
  readonly profile: object;
  readonly consents: { readonly history: readonly object[] };
  readonly touchpoints: readonly { readonly messageId: string; readonly content: object | null }[];
  readonly refused: readonly { readonly reason: string; readonly body: string | null }[];
  readonly analytics: Readonly<Record<string, readonly object[]>>;
  readonly state: Readonly<Record<string, readonly object[]>>;
}

describe('the export of a person', () => {
  let test: TestPlatform;
  let serving: Serving;

  beforeAll(async () => {
    test = await startTestPlatform();
    await test.startClickHouse();
    const { platform } = test;
    const consumers = [resolveConsumer(platform), await profileConsumer(platform), await analyzeConsumer(platform)];
    serving = await startServing(platform, [CollectModule, QueryModule], consumers);
    await collect('ada', 'Teapot');
    await collect('bob', 'Kettle');
  });
  afterAll(async () => {
    await serving.stop();
    await test.stop();
  });

  /** A visit before the login, what they bought and allow, and an event that is refused. */
  const collect = async (userId: string, note: string): Promise<void> => {
    const anonymousId = `laptop-of-${userId}`;
    const who = { userId, anonymousId };
    const order = { order_id: `order-of-${userId}`, total: 5, note };
    const batch = [
      { type: 'page', anonymousId, properties: { title: note } },
      { ...who, type: 'identify', traits: { email: `${userId}@example.com`, name: note } },
      { ...who, type: 'track', event: 'Order Completed', properties: order },
      { ...who, type: 'track', event: 'Consent Withdrawn', properties: { purpose: 'marketing', channel: 'email' } },
      { ...who, type: 'track', event: '', properties: { note: `refused ${note}` } },
      { anonymousId, type: 'track', event: '', properties: { note: `refused ${note} before` } },
    ].map((event, i) => ({ ...event, messageId: `${userId}-${i}` }));
    const response = await fetch(`${serving.url}/v1/batch`, {
      method: 'POST',
      headers: { 'x-write-key': test.config.secrets.writeKey },
      body: JSON.stringify({ batch }),
    });
    expect(await response.json()).toMatchObject({ rejectedCount: 2 });
  };
  const ask = async (path: string): Promise<string> => {
    const headers = { authorization: `Bearer ${test.config.secrets.apiKey}` };
    const response = await fetch(serving.url + path, { headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.text();
  };
  const exported = async (): Promise<Exported> =>
    eventually(async () => {
      await serving.caughtUp();
      const found = JSON.parse(await ask('/v1/profiles/ada@example.com/export')) as Exported;
      expect(found.touchpoints).toHaveLength(4);
      return found;
    });

  it('holds what they said, what was refused of them and what they allow, and nothing of anybody else', async () => {
    const { touchpoints, refused, consents, profile } = await exported();
    expect(touchpoints.map(({ messageId }) => messageId).sort()).toEqual(['ada-0', 'ada-1', 'ada-2', 'ada-3']);
    expect(JSON.stringify(touchpoints.map(({ content }) => content))).toContain('Teapot');
    expect(refused.map(({ body }) => (JSON.parse(body ?? '{}') as { messageId: string }).messageId).sort()).toEqual([
      'ada-4',
      'ada-5',
    ]);
    expect(consents.history).toHaveLength(1);
    expect(JSON.stringify(profile)).toContain('ada@example.com');
    for (const path of ['export', 'export.html']) {
      const text = await ask(`/v1/profiles/ada/${path}`);
      for (const theirs of ['refused Teapot', 'refused Teapot before', 'order-of-ada']) expect(text).toContain(theirs);
      expect(text).not.toMatch(/Kettle|bob@example\.com|of-bob/);
    }
  });

  it('holds every row of every table that names them', async () => {
    const { profileId, state, analytics } = await exported();
    const { postgres, clickhouse } = test.platform;
    const { rows: tables } = await postgres.query<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class
       WHERE relkind IN ('r', 'p') AND NOT relispartition
         AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'audit')`,
    );
    const naming: Record<string, number> = {};
    for (const { name } of tables) {
      const { rows } = await postgres.query(`SELECT FROM ${name} AS t WHERE t::text LIKE '%' || $1 || '%'`, [
        profileId,
      ]);
      if (rows.length > 0) naming[name] = rows.length;
    }
    expect(Object.keys(naming)).toEqual(expect.arrayContaining(['profile.profiles', 'profile.orders']));
    const missing = Object.keys(naming).filter((name) => (state[name]?.length ?? 0) < naming[name]!);
    expect(missing).toEqual([]);
    const counted = await clickhouse.query({
      query: 'SELECT toUInt32(count()) AS rows FROM recorded_touchpoints WHERE profile_id = {profileId:String}',
      query_params: { profileId },
      format: 'JSONEachRow',
    });
    expect(await counted.json()).toEqual([{ rows: 4 }]);
    expect(analytics['recorded_touchpoints']).toHaveLength(4);
    expect(analytics['recorded_orders']).toHaveLength(1);
  });
});
