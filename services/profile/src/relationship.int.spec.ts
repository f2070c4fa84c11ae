import { fireDueTimers, openPostgresShadow, rebuild, type Platform, type StatefulConsumer } from '@rapport/runtime';
import {
  appendEvent,
  appendTouchpoints,
  eventsOf,
  runUntilCaughtUp,
  Identities,
  startTestPlatform,
  type TestPlatform,
  type TouchpointToAppend,
} from '@rapport/testing';
import { profileConsumer } from './index.js';
import { uuid } from './testing/profile-tables.js';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const tables = ['profiles', 'parts', 'orders', 'order_parts', 'search_keys', 'accounts'].map(
  (name) => `profile.${name}`,
);

let test: TestPlatform;
let platform: Platform;
let consumer: StatefulConsumer;
let identities: Identities;
let position = 0;

beforeAll(async () => {
  test = await startTestPlatform();
  platform = test.platform;
  consumer = await profileConsumer(platform);
  identities = new Identities('default');
});
afterAll(() => test.stop());

/** Appends touchpoints the way resolve does, each received when it happened unless it says more. */
async function append(
  of: string,
  touchpoints: readonly (TouchpointToAppend & { readonly on: number })[],
): Promise<void> {
  const appended = await appendTouchpoints(
    platform,
    touchpoints.map(({ on, ...each }) => ({ userId: of, timestamp: start + on * day, ...each })),
  );
  const profileId = identities.personOf(uuid(of));
  for (const touchpoint of appended) {
    const value = { ...touchpoint, profileId, loneProfileId: uuid(of), logPartition: 0, logOffset: (position += 1) };
    await appendEvent(platform, 'profile-touchpoints', profileId, 'profile-touchpoint', value);
  }
  await runUntilCaughtUp(consumer, platform);
}

const order = (on: number, id = `order-${on}`) => ({
  on,
  event: 'Order Completed',
  properties: { order_id: id, total: 10 },
});

async function changesOf(of: string) {
  const told = await eventsOf(platform, 'lifecycle-stages', 'lifecycle-changed');
  return told
    .filter(({ value }) => value.profileId === uuid(of))
    .sort((a, b) => a.record.offset - b.record.offset)
    .map(({ value: { fromStage, toStage, timestamp, decidedAt } }) => [
      `${fromStage} > ${toStage}`,
      (timestamp - start) / day,
      (decidedAt - start) / day,
    ]);
}

async function fireAt(on: number): Promise<number> {
  const fired = await fireDueTimers('profile', start + on * day, platform);
  await runUntilCaughtUp(consumer, platform);
  return fired;
}

async function row(of: string) {
  const { rows } = await platform.postgres.query<Record<string, unknown>>(
    'SELECT * FROM profile.profiles WHERE profile_id = $1',
    [uuid(of)],
  );
  return rows[0];
}

async function keysOf(of: string): Promise<readonly string[]> {
  const { rows } = await platform.postgres.query<{ key: string }>(
    "SELECT name || '=' || value AS key FROM profile.search_keys WHERE profile_id = $1 ORDER BY 1",
    [uuid(of)],
  );
  return rows.map(({ key }) => key);
}

describe('the lifecycle', () => {
  it('Given a stranger who only looks, nothing is told and no timer is set', async () => {
    await append('guest', [{ on: 0, type: 'page', userId: undefined, anonymousId: 'device' }]);
    expect(await changesOf('guest')).toEqual([]);
    expect(await row('guest')).toMatchObject({ lifecycle: { stage: 'anonymous', dueAt: null } });
    expect(await fireAt(4_000)).toBe(0);
  });

  it('Given orders and then silence, every stage is told once, with when it began and when it was noticed', async () => {
    await append('ada', [{ on: 0, type: 'identify', traits: { name: 'Ada' } }, order(1)]);
    await append('ada', [{ on: 1, type: 'page' }, order(1, 'order-1')]);
    await append('ada', [order(20), order(40)]);
    const soFar = [
      ['> lead', 0, 0],
      ['lead > new-customer', 1, 1],
      ['new-customer > loyal', 40, 40],
    ].map(([name, ...times]) => [String(name).replace(/^>/, ' >'), ...times]);
    expect(await changesOf('ada')).toEqual(soFar);
    // The timer of the first order finds that nothing ended; the next one is set in its place.
    expect(await fireAt(32)).toBe(1);
    expect(await changesOf('ada')).toEqual(soFar);
    for (const on of [129, 131, 220, 221, 406]) await fireAt(on);
    expect(await changesOf('ada')).toEqual([
      ...soFar,
      ['loyal > at-risk', 130, 131],
      ['at-risk > lapsed', 220, 220],
      ['lapsed > churned', 405, 406],
    ]);
    await append('ada', [order(500)]);
    expect((await changesOf('ada')).at(-1)).toEqual(['churned > reactivated', 500, 500]);
  });

  it('Given an order that comes late, the stage is corrected and told as of its event time', async () => {
    await append('late', [order(0)]);
    await fireAt(100);
    expect((await changesOf('late')).at(-1)).toEqual(['new-customer > at-risk', 90, 100]);
    await append('late', [{ ...order(80), receivedAt: start + 101 * day }]);
    expect((await changesOf('late')).at(-1)).toEqual(['at-risk > active', 30, 101]);
  });

  it('Given two profiles of one person, a merge tells the stage of the whole, and a split the stage of each', async () => {
    await append('web', [order(600), order(601)]);
    await append('shop', [order(602)]);
    await appendEvent(
      platform,
      'identities',
      uuid('shop'),
      'profiles-merged',
      identities.merged(uuid('web'), uuid('shop')),
    );
    await runUntilCaughtUp(consumer, platform);
    expect((await changesOf('web')).at(-1)).toEqual(['new-customer > loyal', 602, expect.any(Number)]);
    expect(await row('shop')).toMatchObject({ survivor_id: uuid('web'), lifecycle: null });
    await appendEvent(platform, 'identities', uuid('shop'), 'profiles-split', identities.split([uuid('shop')]));
    await runUntilCaughtUp(consumer, platform);
    expect((await changesOf('web')).at(-1)).toEqual(['loyal > new-customer', 600, expect.any(Number)]);
    expect((await changesOf('shop')).at(-1)).toEqual([' > new-customer', 602, expect.any(Number)]);
  });
});

describe('what people are found by', () => {
  it('follows their traits, their stage, their accounts, a merge and a split', async () => {
    await append('grace', [
      { on: 700, type: 'identify', traits: { email: 'Grace@Example.com', plan: 'free', unlisted: 'x' } },
      { on: 701, type: 'group', groupId: 'Navy', traits: { name: 'US Navy', employees: 400_000 } },
    ]);
    await append('hopper', [{ on: 702, type: 'identify', traits: { plan: 'pro' } }]);
    const graces = ['account=Navy', 'stage=lead', 'trait/email=grace@example.com', 'trait/plan=free'];
    expect(await keysOf('grace')).toEqual(graces);
    await appendEvent(
      platform,
      'identities',
      uuid('hopper'),
      'profiles-merged',
      identities.merged(uuid('grace'), uuid('hopper')),
    );
    await runUntilCaughtUp(consumer, platform);
    expect(await keysOf('grace')).toEqual([...graces.slice(0, 3), 'trait/plan=pro']);
    expect(await keysOf('hopper')).toEqual([]);
    await appendEvent(platform, 'identities', uuid('hopper'), 'profiles-split', identities.split([uuid('hopper')]));
    await runUntilCaughtUp(consumer, platform);
    expect(await keysOf('grace')).toEqual(graces);
    expect(await keysOf('hopper')).toEqual(['stage=lead', 'trait/plan=pro']);
  });

  it('keeps of an account the latest that was said of it, by whomever and whenever it comes', async () => {
    const group = (on: number, traits: Record<string, string>) => ({
      on,
      type: 'group' as const,
      groupId: 'acme',
      traits,
    });
    await append('one', [group(10, { name: 'Acme', city: 'Graz' })]);
    await append('two', [group(5, { name: 'ACME', plan: 'team' })]);
    const { rows } = await platform.postgres.query<Record<string, unknown>>(
      "SELECT traits, first_seen_at, last_seen_at FROM profile.accounts WHERE account_id = 'acme'",
    );
    expect(rows).toEqual([
      {
        traits: { name: 'Acme', city: 'Graz', plan: 'team' },
        first_seen_at: new Date(start + 5 * day),
        last_seen_at: new Date(start + 10 * day),
      },
    ]);
  });
});

describe('the projection', () => {
  it.each([1, 9, 5_000])(
    'is rebuilt to the same bytes, %i records at a time, and tells nothing again',
    async (size) => {
      const live = await bytes();
      const told = await eventsOf(platform, 'lifecycle-stages', 'lifecycle-changed');
      await rebuild(platform, {
        name: 'profile',
        consumer: profileConsumer,
        openShadow: openPostgresShadow,
        maxBatchRecords: size,
      });
      expect(await bytes()).toEqual(live);
      expect(await eventsOf(platform, 'lifecycle-stages', 'lifecycle-changed')).toHaveLength(told.length);
    },
  );
});

async function bytes(): Promise<readonly string[]> {
  const found = await Promise.all(
    tables.map((table) =>
      platform.postgres.query<{ row: string }>(`SELECT each::text AS row FROM ${table} AS each ORDER BY 1`),
    ),
  );
  return found.flatMap(({ rows }) => rows.map(({ row: text }) => text));
}
