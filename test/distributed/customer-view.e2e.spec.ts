import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPreferenceTokens } from '@rapport/runtime';
import { eventually, whyNoKafkaBroker } from '@rapport/testing';
import { filesWith, formsOf } from '../privacy/canary.js';
import { changedRows, keptState, stateSettled } from '../privacy/kept-state.js';
import { newSecrets, startDistributed, type Distributed, type RunningService } from './start-distributed.js';

const kafkaMissing = await whyNoKafkaBroker();
const describeWithKafka = kafkaMissing === undefined ? describe : describe.skip;
if (kafkaMissing !== undefined) process.stdout.write(`Skipped, the customer view on Kafka: ${kafkaMissing}\n`);

const canary = 'Vw3canary8Ottoline5Merganser';
const person = { userId: `user-${canary}`, anonymousId: `anon-${canary}`, email: `${canary}@example.com` };
const secrets = newSecrets();
const nextMasterKey = randomBytes(32).toString('base64');
/** Every process knows the key that is to come before any of them uses it. */
const own = { ...secrets, RAPPORT_OLDER_MASTER_KEYS: nextMasterKey, RAPPORT_KEY_CACHE_SECONDS: '3' };
const rotated = { RAPPORT_MASTER_KEY: nextMasterKey, RAPPORT_OLDER_MASTER_KEYS: secrets.RAPPORT_MASTER_KEY };
const projections = ['resolve', 'profile', 'segment', 'score', 'orchestrate', 'analyze'];

/**
 * What holds in one embedded process holds on Kafka, PostgreSQL and ClickHouse by URL, with every service in a
 * process of its own. One history; each test goes on where the one before ended.
 */
describeWithKafka('the customer view on Kafka, PostgreSQL and ClickHouse by URL', () => {
  let running: Distributed;
  let collect: RunningService;
  let query: RunningService;

  beforeAll(async () => {
    running = await startDistributed(own);
    collect = await running.start('collect');
    const others = ['resolve', 'profile', 'analyze', 'segment', 'score', 'orchestrate', 'deliver'];
    await Promise.all(others.map((service) => running.start(service)));
    query = await running.start('query');
  }, 600_000);
  afterAll(() => running?.stop(), 120_000);

  const rapport = (...args: string[]): Promise<string> => running.rapport(query.url, args);
  const api = async (at: string, body?: object): Promise<{ status: number; json: () => Promise<unknown> }> => {
    const response = await fetch(query.url + at, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${secrets.RAPPORT_API_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: async () => JSON.parse(text) as unknown };
  };
  const profileIdOf = async (identifier: string): Promise<string> => {
    const answer = await api(`/v1/profiles/${identifier}`);
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { profileId: string }).profileId;
  };
  const send = async (batch: readonly object[], route = 'batch'): Promise<unknown> => {
    const response = await fetch(`${collect.url}/v1/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-write-key': secrets.RAPPORT_WRITE_KEY },
      body: JSON.stringify({ batch }),
    });
    expect(response.status).toBe(200);
    return response.json();
  };
  const stateOf = () => keptState(running);
  const settled = () => stateSettled(stateOf);
  const canaryInFiles = async () => [
    ...(await filesWith(running.folder, formsOf(canary))),
    ...(await filesWith(running.kafkaFolder, formsOf(canary))),
  ];

  it('knows people by every identifier; the log says nothing in the clear', async () => {
    await send(history(Date.now()));
    await eventually(async () => {
      const ids = await Promise.all(Object.values(person).map(profileIdOf));
      expect(new Set(ids).size).toBe(1);
      await Promise.all(Array.from({ length: 20 }, (_, i) => profileIdOf(`other-${i}`)));
    }, 120_000);
    await settled();
    expect(JSON.stringify(await stateOf())).toContain(canary);
    expect(await filesWith(running.kafkaFolder, formsOf(canary))).toEqual([]);
  }, 240_000);

  it('links two people by an operator’s word, and splits them again', async () => {
    await rapport('identity', 'link', 'userId:other-1', 'userId:other-2');
    await eventually(async () => expect(await profileIdOf('other-1')).toBe(await profileIdOf('other-2')), 60_000);
    await rapport('identity', 'split', 'userId:other-2', '--from', 'userId:other-1');
    await eventually(async () => expect(await profileIdOf('other-1')).not.toBe(await profileIdOf('other-2')), 60_000);
    await settled();
    // Each has its own purchase again, and not the other's.
    for (const [id, total] of [
      ['other-1', 11],
      ['other-2', 12],
    ] as const) {
      const { orders } = (await (await api(`/v1/profiles/${id}`)).json()) as {
        orders: { byCurrency: { revenue: string }[] };
      };
      expect(orders.byCurrency.map(({ revenue }) => Number(revenue))).toEqual([total]);
    }
  }, 240_000);

  it('records consents by the API, and preferences by the page behind a signed link', async () => {
    const standing = async () => {
      const { consents } = (await (await api('/v1/profiles/other-3/consents')).json()) as {
        consents: { purpose: string; channel: string; status: string }[];
      };
      const of = (channel: string) =>
        consents.find((consent) => consent.purpose === 'marketing' && consent.channel === channel)?.status;
      return { email: of('email'), sms: of('sms') };
    };
    const said = { purpose: 'marketing', channel: 'sms', status: 'granted' };
    expect((await api('/v1/profiles/other-3/consents', said)).status).toBe(202);
    await eventually(async () => expect(await standing()).toMatchObject({ sms: 'granted' }), 60_000);

    const tokens = createPreferenceTokens(Buffer.from(secrets.RAPPORT_HASH_KEY, 'base64'));
    const about = { workspaceId: 'default', purpose: 'marketing', channel: 'email', deliveryId: 'd-1' };
    const token = await tokens.sign({ ...about, profileId: await profileIdOf('other-3') }, Date.now());
    const page = await fetch(`${query.url}/preferences/${token}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form')]);
    const oneClick = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    expect((await fetch(`${query.url}/unsubscribe/${token}`, oneClick)).status).toBe(200);
    await eventually(async () => expect(await standing()).toEqual({ email: 'withdrawn', sms: 'granted' }), 60_000);
  }, 240_000);

  it('rotates the master key while services run, those that were not restarted yet included', async () => {
    const restart = async (service: 'collect' | 'query', more: Record<string, string>) => {
      const before = service === 'collect' ? collect : query;
      const after = await running.start(service, service, more);
      await before.process.stop();
      if (service === 'collect') collect = after;
      else query = after;
    };
    await restart('collect', rotated);
    await send([order('other-4', 'rotated', 5)]);
    const said = await running.rapport(query.url, ['master-key', 'rotate'], rotated);
    expect(said).toMatch(/the current master key wraps them all/);
    const status = await running.rapport(query.url, ['master-key', 'status', '--json'], rotated);
    const uses = JSON.parse(status) as { current: boolean; dataKeys: number }[];
    expect(uses.filter(({ dataKeys }) => dataKeys > 0)).toEqual([expect.objectContaining({ current: true })]);

    // Without the key before: what was sealed under it opens all the same.
    await restart('query', { RAPPORT_MASTER_KEY: nextMasterKey, RAPPORT_OLDER_MASTER_KEYS: nextMasterKey });
    await settled();
    const folder = path.join(running.folder, 'exports');
    mkdirSync(folder);
    await rapport('export', 'other-4', '--out', folder);
    const page = readFileSync(path.join(folder, `person-${await profileIdOf('other-4')}.json`), 'utf8');
    expect(page).toContain('other-4@example.org');
    expect(page).toContain('order-rotated');
  }, 300_000);

  it('erases a person though the process that erases is killed, certifies it, and leaves everybody else', async () => {
    const exported = (await (await api(`/v1/profiles/${person.email}/export`)).json()) as object;
    expect(JSON.stringify(exported)).toContain(canary);
    const before = await stateOf();

    const requested = await api('/v1/erasures', { identifier: person.email });
    expect(requested.status).toBe(202);
    const { erasureId, suppressed } = (await requested.json()) as { erasureId: string; suppressed: number };
    expect(suppressed).toBe(3);
    const erasure = async () =>
      (await (await api(`/v1/erasures/${erasureId}`)).json()) as { step: string; certificate: string | null };
    await eventually(async () => expect((await erasure()).step).toMatch(/^(letting|waiting for)/), 60_000, 20);
    await query.process.kill();
    // Another instance, with a data folder of its own, goes on and signs with the same key.
    query = await running.start('query', 'query-2', rotated);
    const certificate = await eventually(
      async () => {
        const { certificate: signed } = await erasure();
        expect(signed).not.toBeNull();
        return signed ?? '';
      },
      240_000,
      500,
    );
    const file = path.join(running.folder, 'certificate.jws');
    writeFileSync(file, certificate);
    expect(await rapport('erase', '--verify', file)).toContain('Valid:');

    expect((await api(`/v1/profiles/${person.userId}`)).status).toBe(404);
    await settled();
    const after = await stateOf();
    expect(JSON.stringify(after)).not.toContain(canary);
    expect(await canaryInFiles()).toEqual([]);
    expect(changedRows(before, after)).toEqual([]);
    expect(after['profile.orders']?.split('\n')).toHaveLength(21);
  }, 600_000);

  it('says after a replay what it said before, and the audit log is whole', async () => {
    const after = await stateOf();
    for (const service of projections) {
      // Progress and warnings stand around the one line of the answer.
      const said = (await rapport('replay', service, '--verify', '--json')).split('\n');
      const verified = JSON.parse(said.find((line) => line.startsWith('{"service"')) ?? said.join('\n')) as {
        tables: { table: string; live: object; rebuilt: object }[];
      };
      expect(verified.tables.length).toBeGreaterThan(0);
      for (const { table, live, rebuilt } of verified.tables) expect([table, rebuilt]).toEqual([table, live]);
    }
    for (const service of ['profile', 'analyze'])
      expect(await rapport('replay', service)).toContain(`${service} is rebuilt`);
    await settled();
    expect(await stateOf()).toEqual(after);
    expect(await canaryInFiles()).toEqual([]);
    expect(await rapport('audit', 'verify')).toContain('is whole');
    const entries = await rapport('audit', '--all', '--json');
    expect(entries).toContain('"sequence":1,');
    expect(entries).toContain('master-key.rotated');
    expect(entries).not.toContain(canary);
  }, 1_200_000);

  it('does not let an import bring the erased person back', async () => {
    const rows = [
      { type: 'identify', messageId: 'crm-1', userId: 'crm-7', traits: { email: person.email.toUpperCase() } },
      { type: 'identify', messageId: 'crm-2', userId: person.userId },
      { type: 'identify', messageId: 'crm-3', userId: 'other-5', traits: { city: 'Oslo' } },
    ];
    expect(await send(rows, 'import')).toMatchObject({ rejectedCount: 2, rejectedByReason: { suppressed: 2 } });
    await settled();
    expect((await api('/v1/profiles/crm-7')).status).toBe(404);
    expect(await canaryInFiles()).toEqual([]);
  }, 600_000);
});

function order(userId: string, id: string, total: number, timestamp = new Date().toISOString()) {
  const properties = { order_id: `order-${id}`, total, currency: 'EUR' };
  return { type: 'track', messageId: `order-${id}`, userId, event: 'Order Completed', timestamp, properties };
}

function history(now: number): readonly object[] {
  const at = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const others = Array.from({ length: 20 }, (_, i) => [
    {
      type: 'identify',
      messageId: `o-${i}`,
      userId: `other-${i}`,
      timestamp: at(90),
      traits: { email: `other-${i}@example.org`, name: `Other ${i}` },
    },
    order(`other-${i}`, String(i), 10 + i, at(60 - i)),
  ]).flat();
  const { userId, anonymousId, email } = person;
  const url = `https://shop.example/${canary}`;
  const theirs = [
    { type: 'page', messageId: 'c-0', anonymousId, timestamp: at(100), properties: { url } },
    { type: 'identify', messageId: 'c-1', userId, anonymousId, timestamp: at(95), traits: { email, name: canary } },
    { ...order(userId, canary, 99, at(50)), messageId: 'c-2' },
    { type: 'track', messageId: 'c-3', userId, event: '', properties: { note: canary } },
  ];
  return [...others.slice(0, 20), ...theirs, ...others.slice(20)];
}
