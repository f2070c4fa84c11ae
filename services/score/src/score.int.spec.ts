import type { JsonObject } from '@rapport/events';
import { fireDueTimers, openPostgresShadow, rebuild, runConsumer, type StatefulConsumer } from '@rapport/runtime';
import { rfm, rfmCell, type RfmInput } from '@rapport/scoring';
import {
  appendEvent,
  caughtUp,
  eventsOf,
  Identities,
  sealedTouchpoint,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { scoreConsumer } from './index.js';

const minute = 60_000;
const start = 20_000 * 86_400_000;

describe('scoring', () => {
  let test: TestPlatform;
  let consumer: StatefulConsumer;

  beforeAll(async () => {
    test = await startTestPlatform();
    consumer = await scoreConsumer(test.platform);
  });
  afterAll(() => test.stop());

  let messages = 0;
  const buy = async (profileId: string, timestamp: number, properties: JsonObject, event = 'Order Completed') => {
    messages += 1;
    const envelope = { messageId: `m${messages}`, profileId, event, timestamp, receivedAt: start, logOffset: messages };
    const value = await sealedTouchpoint(test.platform.vault, envelope, { properties });
    await appendEvent(test.platform, 'profile-touchpoints', profileId, 'profile-touchpoint', value);
  };
  const announced = async () => {
    const newest = new Map<string, number>();
    for (const { value } of await eventsOf(test.platform, 'scores', 'score-changed'))
      newest.set(value.profileId, value.value);
    return Object.fromEntries([...newest].sort());
  };
  const count = async () => (await eventsOf(test.platform, 'scores', 'score-changed')).length;
  /** Lets timers fire, and what they lead to, until none is due. */
  const timePassesTo = async (now: number) => {
    await caughtUp(test.platform, consumer);
    while ((await fireDueTimers('score', now, test.platform)) > 0) await caughtUp(test.platform, consumer);
  };
  const expected = (customers: readonly RfmInput[]) =>
    Object.fromEntries(rfm(customers).map((score) => [score.profileId, rfmCell(score)]));

  it('ranks customers as the pure rule does, announces changes only, and rebuilds the same', async () => {
    const running = await runConsumer(consumer, test.platform);
    const customers = Array.from({ length: 23 }, (_, i): RfmInput => {
      const profileId = `p${String(i).padStart(2, '0')}`;
      return {
        profileId,
        lastOrderAt: start - (i % 7) * minute,
        orders: 2 + (i % 3),
        spent: (i * 37) % 11,
        currency: 'EUR',
      };
    });
    for (const { profileId, lastOrderAt, orders, spent } of customers) {
      for (let n = 2; n < orders; n += 1) await buy(profileId, lastOrderAt - n, { total: 0, currency: 'EUR' });
      const named = { order_id: `last-${profileId}`, currency: 'EUR' };
      await buy(profileId, lastOrderAt, { ...named, total: spent + 1.1 });
      await buy(profileId, lastOrderAt, { ...named, total: -1.1 }, 'Order Refunded');
      await buy(profileId, lastOrderAt - 1, { order_id: `given-back-${profileId}`, total: 50, currency: 'EUR' });
      await buy(profileId, lastOrderAt, { order_id: `given-back-${profileId}` }, 'Order Refunded');
      await buy(profileId, lastOrderAt + 1, { total: 999 }, 'Product Viewed');
    }
    await timePassesTo(start + minute - 1);
    expect(await count()).toBe(0);
    await timePassesTo(start + minute);
    expect(await announced()).toEqual(expected(customers));
    expect(await count()).toBe(23);

    await buy('p00', start, { total: 1, currency: 'EUR', order_id: 'o1' });
    await buy('p00', start, { total: 1, currency: 'EUR', order_id: 'o1' });
    const [first, ...others] = customers;
    const after = [{ ...first!, lastOrderAt: start, orders: first!.orders + 1, spent: first!.spent + 1 }, ...others];
    await timePassesTo(start + 3 * minute);
    expect(await announced()).toEqual(expected(after));

    const identities = new Identities('shop');
    const merge = identities.merged('p01', 'p02');
    await appendEvent(test.platform, 'identities', 'p02', 'profiles-merged', merge);
    const appendedAt = (await eventsOf(test.platform, 'identities', 'profiles-merged'))[0]?.record.appendedAt ?? 0;
    const [one, two] = [after[1]!, after[2]!];
    const lastOrderAt = Math.max(one.lastOrderAt, two.lastOrderAt);
    const merged = { ...one, lastOrderAt, orders: one.orders + two.orders, spent: one.spent + two.spent };
    await timePassesTo(appendedAt + minute);
    const { p02: _gone, ...living } = await announced();
    expect(living).toEqual(expected([after[0]!, merged, ...after.slice(3)]));

    const split = identities.split(['p02']);
    await appendEvent(test.platform, 'identities', 'p02', 'profiles-split', split);
    await appendEvent(test.platform, 'identities', 'p02', 'profiles-merged', merge);
    await timePassesTo(appendedAt + 3 * minute);
    expect(await announced()).toEqual(expected(after));

    const before = await count();
    await rebuild(test.platform, { name: 'score', consumer: scoreConsumer, openShadow: openPostgresShadow });
    await timePassesTo(appendedAt + 5 * minute);
    await running.stop();
    const { rows } = await test.platform.postgres.query<{ profile_id: string; cell: number }>(
      'SELECT profile_id, recency * 100 + frequency * 10 + monetary AS cell FROM score.scores ORDER BY profile_id',
    );
    expect(Object.fromEntries(rows.map(({ profile_id, cell }) => [profile_id, cell]))).toEqual(expected(after));
    expect(await count()).toBe(before);
  });
});
