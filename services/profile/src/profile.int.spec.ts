import { createHash } from 'node:crypto';
import { profileIdOf, type LogEvents, type OpenedTouchpoint, type ProfileTouchpoint } from '@rapport/events';
import { openPostgresShadow, rebuild, type Platform, type StatefulConsumer } from '@rapport/runtime';
import {
  appendTouchpoints,
  Identities,
  runUntilCaughtUp,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { profileConsumer } from './index.js';

let test: TestPlatform;
let platform: Platform;
let consumer: StatefulConsumer;

beforeAll(async () => {
  test = await startTestPlatform();
  platform = test.platform;
  consumer = await profileConsumer(platform);
});
afterAll(() => test.stop());

type TouchpointOfProfile = Parameters<typeof appendTouchpoints>[1][number] & { readonly of: string };

let position = 0;

/** Appends touchpoints the way resolve does: under the profile they belong to. */
async function appendOf(touchpoints: readonly TouchpointOfProfile[]): Promise<void> {
  const sealed = await sealedTouchpoints(touchpoints);
  await platform.eventLog.append(
    sealed.map((value) => ({
      topic: 'profile-touchpoints',
      key: value.profileId,
      value: platform.codec.encode('profile-touchpoint', value),
    })),
  );
}

async function sealedTouchpoints(touchpoints: readonly TouchpointOfProfile[]): Promise<readonly ProfileTouchpoint[]> {
  const appended = await appendTouchpoints(platform, touchpoints);
  return appended.map((touchpoint, i) => ({
    ...touchpoint,
    profileId: touchpoints[i]?.of ?? '',
    loneProfileId: touchpoints[i]?.of ?? '',
    logPartition: 0,
    logOffset: (position += 1),
  }));
}

async function append<
  N extends 'profiles-merged' | 'profiles-split' | 'membership-changed' | 'score-changed' | 'delivery-recorded',
>(name: N, values: readonly LogEvents[N][]): Promise<void> {
  const topic = (
    {
      'profiles-merged': 'identities',
      'profiles-split': 'identities',
      'membership-changed': 'memberships',
      'score-changed': 'scores',
      'delivery-recorded': 'deliveries',
    } as const
  )[name];
  await platform.eventLog.append(
    values.map((value) => ({
      topic,
      key: 'mergedId' in value ? value.mergedId : value.profileId,
      value: platform.codec.encode(name, value),
    })),
  );
}

const identities = new Identities('default');
const merged = (mergedId: string, survivorId: string) => identities.merged(survivorId, mergedId);

async function profile(profileId: string) {
  const { rows } = await platform.postgres.query('SELECT * FROM profile.profiles WHERE profile_id = $1', [profileId]);
  return rows[0] as Record<string, unknown> | undefined;
}

async function revenueOf(profileId: string) {
  const { rows } = await platform.postgres.query(
    'SELECT currency, orders, revenue::text FROM profile.revenue WHERE profile_id = $1 ORDER BY currency',
    [profileId],
  );
  return rows;
}

async function rowsOf(tables: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const table of tables) {
    const { rows } = await platform.postgres.query<{ row: string }>(
      `SELECT each::text AS row FROM ${table} AS each ORDER BY 1`,
    );
    hash.update(rows.map(({ row }) => row).join('\n'));
  }
  return hash.digest('hex');
}

/** Of a name of at most six bytes. */
const uuid = (name: string) => `00000000-0000-5000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

describe('profile', () => {
  it('shows what was said about a person', async () => {
    const of = uuid('ada');
    await appendOf([
      { of, userId: 'ada', type: 'identify', traits: { email: 'Ada@Example.com', city: 'Graz' }, timestamp: 2_000 },
      { of, userId: 'ada', type: 'identify', traits: { city: 'Linz' }, timestamp: 1_000 },
      { of, userId: 'ada', event: 'Order Completed', properties: { order_id: '1', total: 10.5 }, timestamp: 3_000 },
      { of, userId: 'ada', event: 'Order Completed', properties: { order_id: '1', total: 10.5 }, timestamp: 3_000 },
      { of, userId: 'ada', event: 'Order Refunded', properties: { order_id: '1', total: 0.5 }, timestamp: 4_000 },
    ]);
    await append('membership-changed', [
      {
        workspaceId: 'default',
        profileId: of,
        segmentId: 'buyers',
        change: 'entered',
        timestamp: 3_000,
        decidedAt: 3_000,
        causeId: 'c',
        imported: false,
        rearranged: false,
      },
    ]);
    await append('score-changed', [
      {
        workspaceId: 'default',
        profileId: of,
        scoreId: 'rfm',
        value: 545,
        components: { recency: 5 },
        computedAt: 5_000,
        causeId: 'c',
      },
    ]);
    await runUntilCaughtUp(consumer, platform);

    expect(await profile(of)).toMatchObject({
      survivor_id: null,
      first_seen_at: new Date(1_000),
      last_seen_at: new Date(4_000),
      traits: { email: 'Ada@Example.com', city: 'Graz' },
      identifiers: { userId: [['ada', 4_000]] },
      memberships: { buyers: { change: 'entered', since: 3_000 } },
      scores: { rfm: { value: 545, components: { recency: 5 } } },
    });
    expect(await revenueOf(of)).toEqual([{ currency: 'EUR', orders: 1, revenue: '10.0' }]);
  });

  it('makes one person of two who merge, orders and all, and later facts follow', async () => {
    const [anonymous, user] = [uuid('anon'), uuid('user')];
    await appendOf([
      { of: anonymous, anonymousId: 'phone', timestamp: 1_000 },
      { of: anonymous, anonymousId: 'phone', event: 'Order Completed', properties: { order_id: 'a', total: 5 } },
      { of: user, userId: 'bob', event: 'Order Completed', properties: { order_id: 'b', total: 7 }, timestamp: 9_000 },
    ]);
    await append('profiles-merged', [merged(anonymous, user)]);
    await runUntilCaughtUp(consumer, platform);
    await appendOf([{ of: anonymous, anonymousId: 'phone', event: 'Order Refunded', properties: { order_id: 'a' } }]);
    await runUntilCaughtUp(consumer, platform);

    expect(await profile(anonymous)).toMatchObject({ survivor_id: user, last_seen_at: null, recent_touchpoints: [] });
    const survivor = await profile(user);
    expect(survivor).toMatchObject({ first_seen_at: new Date(1_000) });
    expect(Object.keys(survivor?.['identifiers'] as object).sort()).toEqual(['anonymousId', 'userId']);
    expect(await revenueOf(user)).toEqual([{ currency: 'EUR', orders: 2, revenue: '7' }]);
    expect(await revenueOf(anonymous)).toEqual([]);
  });

  it('takes apart again who was merged, orders and all; both are as if they had never met', async () => {
    const ids = ['one', 'two', 'web'].map(uuid) as [string, string, string];
    const [one, two, web] = ids;
    const buys = (of: string, who: string, orderId: string, total: number) =>
      ({ of, userId: who, event: 'Order Completed', properties: { order_id: orderId, total } }) as const;
    const says = (of: string, who: string, city: string, timestamp: number) =>
      ({ of, userId: who, type: 'identify', traits: { city }, timestamp }) as const;
    await appendOf([buys(one, 'one', 'o1', 1), says(one, 'one', 'Graz', 1_000), buys(web, 'web', 'shared', 2)]);
    await runUntilCaughtUp(consumer, platform);
    const alone = await profile(one);
    await appendOf([buys(two, 'two', 'o2', 4), says(two, 'two', 'Linz', 2_000), buys(two, 'two', 'shared', 8)]);
    await append('profiles-merged', [merged(web, one), merged(two, one)]);
    await runUntilCaughtUp(consumer, platform);
    expect(await profile(one)).toMatchObject({ traits: { city: 'Linz' }, part_ids: [...ids].sort() });
    expect(await revenueOf(one)).toEqual([{ currency: 'EUR', orders: 3, revenue: expect.any(String) as string }]);
    expect(await revenueOf(two)).toEqual([]);

    const split = identities.split([two]);
    await append('profiles-split', [split]);
    await runUntilCaughtUp(consumer, platform);
    await append('profiles-split', [split]);
    await append('profiles-split', [identities.split([web])]);
    await appendOf([buys(two, 'two', 'o3', 16)]);
    await runUntilCaughtUp(consumer, platform);
    expect(await profile(one)).toMatchObject({ ...alone, sequence: 0 });
    expect(await revenueOf(one)).toEqual([{ currency: 'EUR', orders: 1, revenue: '1' }]);
    expect(await profile(two)).toMatchObject({ survivor_id: null, traits: { city: 'Linz' }, part_ids: [] });
    expect(await revenueOf(two)).toEqual([{ currency: 'EUR', orders: 3, revenue: '28' }]);
    expect(await revenueOf(web)).toEqual([{ currency: 'EUR', orders: 1, revenue: '2' }]);
    const left = await platform.postgres.query(
      `SELECT profile_id FROM profile.parts WHERE profile_id = ANY ($1)
       UNION ALL SELECT profile_id FROM profile.order_parts WHERE profile_id = ANY ($1)`,
      [ids],
    );
    expect(left.rows).toEqual([]);
  });

  it('tells what people allow', async () => {
    const of = uuid('carl');
    await appendOf([{ of, userId: 'carl', event: 'Unsubscribed', timestamp: 7_000, messageId: 'carl-1' }]);
    await runUntilCaughtUp(consumer, platform);
    const told: LogEvents['consent-recorded'][] = [];
    for (const { partition } of await platform.eventLog.bounds('consents')) {
      for await (const records of platform.eventLog.read({ topic: 'consents', partition, from: 0 })) {
        for (const { value } of records) {
          const event = value && platform.codec.decode(value);
          if (event?.name === 'consent-recorded' && event.value.profileId === of) told.push(event.value);
        }
      }
    }
    const { vault } = platform;
    const [said] = told;
    expect(told).toHaveLength(1);
    expect(said).toMatchObject({
      workspaceId: 'default',
      profileId: of,
      loneProfileId: of,
      purpose: 'marketing',
      channel: 'email',
      status: 'withdrawn',
      lawfulBasis: 'consent',
      textVersion: null,
      timestamp: 7_000,
      messageId: 'carl-1',
      // Carl's user id alone is another profile than the one this test made up for him.
      settles: [profileIdOf('default', 'userId', vault.hash('default', 'userId', 'carl'))],
    });
    expect(await profile(of)).toMatchObject({ consents: { [`${of}/marketing/email`]: { status: 'withdrawn' } } });
    const { rows } = await platform.postgres.query(
      'SELECT purpose, channel, status, said_at, message_id FROM profile.consent_history WHERE lone_profile_id = $1',
      [of],
    );
    expect(rows).toEqual([
      { purpose: 'marketing', channel: 'email', status: 'withdrawn', said_at: 7_000, message_id: 'carl-1' },
    ]);
  });

  it('remembers how people wish to be written to, and every wish before', async () => {
    const of = uuid('wish');
    await appendOf([
      { of, userId: 'w', event: 'Preferences Updated', properties: { frequency: 'weekly' }, timestamp: 1_000 },
      { of, userId: 'w', event: 'Preferences Updated', properties: { frequency: 'all' }, timestamp: 2_000 },
      { of, userId: 'w', event: 'Preferences Updated', properties: { frequency: 'monthly' }, timestamp: 500 },
    ]);
    await runUntilCaughtUp(consumer, platform);
    expect(await profile(of)).toMatchObject({ preferences: { [`${of}/frequency`]: { value: 'all' } } });
    const { rows } = await platform.postgres.query(
      "SELECT status FROM profile.consent_history WHERE lone_profile_id = $1 AND kind = 'preference' ORDER BY said_at",
      [of],
    );
    expect(rows).toEqual([{ status: 'monthly' }, { status: 'weekly' }, { status: 'all' }]);
  });

  it('holds text that PostgreSQL cannot store as such', async () => {
    const of = uuid('evil');
    await appendOf([
      { of, userId: 'e\0vil', type: 'identify', traits: { 'na\0me': 'x\ud800', nested: [{ '\udfff': '\0' }] } },
      { of, userId: 'e\0vil', event: 'Order Completed', properties: { order_id: 'o\0', total: 1e300 } },
    ]);
    await runUntilCaughtUp(consumer, platform);
    expect(await profile(of)).toMatchObject({
      traits: { 'na\ufffdme': 'x\ufffd', nested: [{ '\ufffd': '\ufffd' }] },
      identifiers: { userId: [['e\ufffdvil', 1_700_000_000_000]] },
    });
    expect(await revenueOf(of)).toEqual([{ currency: 'EUR', orders: 1, revenue: '0' }]);
  });

  it('leaves alone who an erased person was', async () => {
    const of = uuid('gone');
    const [touchpoint] = await sealedTouchpoints([{ of, userId: 'gone' }]);
    await platform.vault.eraseSubjects('default', [touchpoint?.subjectId ?? '']);
    const value = platform.codec.encode('profile-touchpoint', touchpoint as OpenedTouchpoint & ProfileTouchpoint);
    await platform.eventLog.append([{ topic: 'profile-touchpoints', key: of, value }]);
    await runUntilCaughtUp(consumer, platform);
    expect(await profile(of)).toBeUndefined();
  });

  it.each([1, 7, 2_000])('is rebuilt from the log to the same bytes, %i records at a time', async (maxBatchRecords) => {
    await appendHistory(maxBatchRecords);
    await runUntilCaughtUp(consumer, platform);
    const tables = ['profiles', 'parts', 'orders', 'order_parts', 'consent_history', 'search_keys', 'accounts'].map(
      (name) => `profile.${name}`,
    );
    const live = await rowsOf(tables);
    const consents = (await platform.eventLog.bounds('consents')).reduce((sum, { high }) => sum + high, 0);

    await rebuild(platform, {
      name: 'profile',
      consumer: profileConsumer,
      openShadow: openPostgresShadow,
      maxBatchRecords,
    });

    expect(await rowsOf(tables)).toBe(live);
    const after = (await platform.eventLog.bounds('consents')).reduce((sum, { high }) => sum + high, 0);
    expect(after).toBe(consents);
  });
});

/** Chains of merges, and splits, among facts of all kinds, some of them before and some after the people they merge are known. */
async function appendHistory(round: number): Promise<void> {
  const people = Array.from({ length: 12 }, (_, i) => uuid(`${round.toString(36)}-${i}`));
  const touchpoints = people.flatMap((of, i) =>
    Array.from({ length: 6 }, (_, n): TouchpointOfProfile => {
      const timestamp = ((i * 7 + n * 5) % 11) * 1_000;
      const who = { of, anonymousId: `${round}-device-${i}`, timestamp };
      if (n % 3 === 0) return { ...who, type: 'identify', traits: { [`t${n % 2}`]: `${i}-${n}` } };
      if (n % 3 === 1) return { ...who, event: 'Unsubscribed' };
      return { ...who, event: 'Order Completed', properties: { order_id: `${round}-${i % 4}`, total: n + i / 10 } };
    }),
  );
  await appendOf(touchpoints.slice(0, 40));
  await append(
    'profiles-merged',
    people.slice(2, 8).map((id, i) => merged(id, people[i] ?? '')),
  );
  await runUntilCaughtUp(consumer, platform);
  await append('profiles-merged', [merged(people[9] ?? '', people[8] ?? ''), merged(people[0] ?? '', people[8] ?? '')]);
  await append('profiles-split', [
    identities.split([people[4] ?? '', people[8] ?? '']),
    identities.split([people[5] ?? '']),
  ]);
  await appendOf(touchpoints.slice(40));
}
