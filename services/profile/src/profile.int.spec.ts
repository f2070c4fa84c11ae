import { profileIdOf, type LogEvents, type OpenedTouchpoint, type ProfileTouchpoint } from '@rapport/events';
import type { Platform, StatefulConsumer } from '@rapport/runtime';
import { Identities, runUntilCaughtUp, startTestPlatform, type TestPlatform } from '@rapport/testing';
import { profileConsumer } from './index.js';
import { ProfileTables, uuid } from './testing/profile-tables.js';

let test: TestPlatform;
let platform: Platform;
let consumer: StatefulConsumer;
let tables: ProfileTables;

beforeAll(async () => {
  test = await startTestPlatform();
  platform = test.platform;
  consumer = await profileConsumer(platform);
  tables = new ProfileTables(platform);
});
afterAll(() => test.stop());

const identities = new Identities('default');
const merged = (mergedId: string, survivorId: string) => identities.merged(survivorId, mergedId);

describe('profile', () => {
  it('shows what was said about a person', async () => {
    const of = uuid('ada');
    await tables.appendOf([
      { of, userId: 'ada', type: 'identify', traits: { email: 'Ada@Example.com', city: 'Graz' }, timestamp: 2_000 },
      { of, userId: 'ada', type: 'identify', traits: { city: 'Linz' }, timestamp: 1_000 },
      { of, userId: 'ada', event: 'Order Completed', properties: { order_id: '1', total: 10.5 }, timestamp: 3_000 },
      { of, userId: 'ada', event: 'Order Completed', properties: { order_id: '1', total: 10.5 }, timestamp: 3_000 },
      { of, userId: 'ada', event: 'Order Refunded', properties: { order_id: '1', total: 0.5 }, timestamp: 4_000 },
    ]);
    await tables.append('membership-changed', [
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
    await tables.append('score-changed', [
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

    expect(await tables.profile(of)).toMatchObject({
      survivor_id: null,
      first_seen_at: new Date(1_000),
      last_seen_at: new Date(4_000),
      traits: { email: 'Ada@Example.com', city: 'Graz' },
      identifiers: { userId: [['ada', 4_000]] },
      memberships: { buyers: { change: 'entered', since: 3_000 } },
      scores: { rfm: { value: 545, components: { recency: 5 } } },
    });
    expect(await tables.revenueOf(of)).toEqual([{ currency: 'EUR', orders: 1, revenue: '10.0' }]);
  });

  it('makes one person of two who merge, orders and all, and later facts follow', async () => {
    const [anonymous, user] = [uuid('anon'), uuid('user')];
    await tables.appendOf([
      { of: anonymous, anonymousId: 'phone', timestamp: 1_000 },
      { of: anonymous, anonymousId: 'phone', event: 'Order Completed', properties: { order_id: 'a', total: 5 } },
      { of: user, userId: 'bob', event: 'Order Completed', properties: { order_id: 'b', total: 7 }, timestamp: 9_000 },
    ]);
    await tables.append('profiles-merged', [merged(anonymous, user)]);
    await runUntilCaughtUp(consumer, platform);
    await tables.appendOf([
      { of: anonymous, anonymousId: 'phone', event: 'Order Refunded', properties: { order_id: 'a' } },
    ]);
    await runUntilCaughtUp(consumer, platform);

    expect(await tables.profile(anonymous)).toMatchObject({
      survivor_id: user,
      last_seen_at: null,
      recent_touchpoints: [],
    });
    const survivor = await tables.profile(user);
    expect(survivor).toMatchObject({ first_seen_at: new Date(1_000) });
    expect(Object.keys(survivor?.['identifiers'] as object).sort()).toEqual(['anonymousId', 'userId']);
    expect(await tables.revenueOf(user)).toEqual([{ currency: 'EUR', orders: 2, revenue: '7' }]);
    expect(await tables.revenueOf(anonymous)).toEqual([]);
  });

  it('takes apart again who was merged, orders and all; both are as if they had never met', async () => {
    const ids = ['one', 'two', 'web'].map(uuid) as [string, string, string];
    const [one, two, web] = ids;
    const buys = (of: string, who: string, orderId: string, total: number) =>
      ({ of, userId: who, event: 'Order Completed', properties: { order_id: orderId, total } }) as const;
    const says = (of: string, who: string, city: string, timestamp: number) =>
      ({ of, userId: who, type: 'identify', traits: { city }, timestamp }) as const;
    await tables.appendOf([buys(one, 'one', 'o1', 1), says(one, 'one', 'Graz', 1_000), buys(web, 'web', 'shared', 2)]);
    await runUntilCaughtUp(consumer, platform);
    const alone = await tables.profile(one);
    await tables.appendOf([buys(two, 'two', 'o2', 4), says(two, 'two', 'Linz', 2_000), buys(two, 'two', 'shared', 8)]);
    await tables.append('profiles-merged', [merged(web, one), merged(two, one)]);
    await runUntilCaughtUp(consumer, platform);
    expect(await tables.profile(one)).toMatchObject({ traits: { city: 'Linz' }, part_ids: [...ids].sort() });
    expect(await tables.revenueOf(one)).toEqual([
      { currency: 'EUR', orders: 3, revenue: expect.any(String) as string },
    ]);
    expect(await tables.revenueOf(two)).toEqual([]);

    const split = identities.split([two]);
    await tables.append('profiles-split', [split]);
    await runUntilCaughtUp(consumer, platform);
    await tables.append('profiles-split', [split]);
    await tables.append('profiles-split', [identities.split([web])]);
    await tables.appendOf([buys(two, 'two', 'o3', 16)]);
    await runUntilCaughtUp(consumer, platform);
    expect(await tables.profile(one)).toMatchObject({ ...alone, sequence: 0 });
    expect(await tables.revenueOf(one)).toEqual([{ currency: 'EUR', orders: 1, revenue: '1' }]);
    expect(await tables.profile(two)).toMatchObject({ survivor_id: null, traits: { city: 'Linz' }, part_ids: [] });
    expect(await tables.revenueOf(two)).toEqual([{ currency: 'EUR', orders: 3, revenue: '28' }]);
    expect(await tables.revenueOf(web)).toEqual([{ currency: 'EUR', orders: 1, revenue: '2' }]);
    const left = await platform.postgres.query(
      `SELECT profile_id FROM profile.parts WHERE profile_id = ANY ($1)
       UNION ALL SELECT profile_id FROM profile.order_parts WHERE profile_id = ANY ($1)`,
      [ids],
    );
    expect(left.rows).toEqual([]);
  });

  it('tells what people allow', async () => {
    const of = uuid('carl');
    await tables.appendOf([{ of, userId: 'carl', event: 'Unsubscribed', timestamp: 7_000, messageId: 'carl-1' }]);
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
    expect(await tables.profile(of)).toMatchObject({
      consents: { [`${of}/marketing/email`]: { status: 'withdrawn' } },
    });
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
    await tables.appendOf([
      { of, userId: 'w', event: 'Preferences Updated', properties: { frequency: 'weekly' }, timestamp: 1_000 },
      { of, userId: 'w', event: 'Preferences Updated', properties: { frequency: 'all' }, timestamp: 2_000 },
      { of, userId: 'w', event: 'Preferences Updated', properties: { frequency: 'monthly' }, timestamp: 500 },
    ]);
    await runUntilCaughtUp(consumer, platform);
    expect(await tables.profile(of)).toMatchObject({ preferences: { [`${of}/frequency`]: { value: 'all' } } });
    const { rows } = await platform.postgres.query(
      "SELECT status FROM profile.consent_history WHERE lone_profile_id = $1 AND kind = 'preference' ORDER BY said_at",
      [of],
    );
    expect(rows).toEqual([{ status: 'monthly' }, { status: 'weekly' }, { status: 'all' }]);
  });

  it('holds text that PostgreSQL cannot store as such', async () => {
    const of = uuid('evil');
    await tables.appendOf([
      { of, userId: 'e\0vil', type: 'identify', traits: { 'na\0me': 'x\ud800', nested: [{ '\udfff': '\0' }] } },
      { of, userId: 'e\0vil', event: 'Order Completed', properties: { order_id: 'o\0', total: 1e300 } },
    ]);
    await runUntilCaughtUp(consumer, platform);
    expect(await tables.profile(of)).toMatchObject({
      traits: { 'na\ufffdme': 'x\ufffd', nested: [{ '\ufffd': '\ufffd' }] },
      identifiers: { userId: [['e\ufffdvil', 1_700_000_000_000]] },
    });
    expect(await tables.revenueOf(of)).toEqual([{ currency: 'EUR', orders: 1, revenue: '0' }]);
  });

  it('leaves alone who an erased person was', async () => {
    const of = uuid('gone');
    const [touchpoint] = await tables.sealed([{ of, userId: 'gone' }]);
    await platform.vault.eraseSubjects('default', [touchpoint?.subjectId ?? '']);
    const value = platform.codec.encode('profile-touchpoint', touchpoint as OpenedTouchpoint & ProfileTouchpoint);
    await platform.eventLog.append([{ topic: 'profile-touchpoints', key: of, value }]);
    await runUntilCaughtUp(consumer, platform);
    expect(await tables.profile(of)).toBeUndefined();
  });
});
