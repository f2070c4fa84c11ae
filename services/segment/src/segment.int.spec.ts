import { deriveId, type ProfileTouchpoint } from '@rapport/events';
import { fireDueTimers, openPostgresShadow, rebuild, runConsumer, type StatefulConsumer } from '@rapport/runtime';
import {
  appendEvent,
  caughtUp,
  eventsOf,
  Identities,
  sealedTouchpoint,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { segmentConsumer } from './index.js';

const day = 86_400_000;
const start = 20_000 * day;

describe('segmenting', () => {
  let test: TestPlatform;
  let consumer: StatefulConsumer;

  beforeAll(async () => {
    test = await startTestPlatform({ clock: () => start + 3 * day });
    consumer = await segmentConsumer(test.platform);
  });
  afterAll(() => test.stop());

  const append = async (touchpoint: Partial<ProfileTouchpoint> & { messageId: string }) => {
    const value = await sealedTouchpoint(test.platform.vault, { event: 'Order Completed', ...touchpoint });
    await appendEvent(test.platform, 'profile-touchpoints', value.profileId, 'profile-touchpoint', value);
  };
  const identities = new Identities('shop');
  const merge = (survivorId: string, mergedId: string) =>
    appendEvent(
      test.platform,
      'identities',
      mergedId,
      'profiles-merged',
      identities.merged(survivorId, mergedId, { timestamp: start }),
    );
  const split = (profileId: string) =>
    appendEvent(test.platform, 'identities', profileId, 'profiles-split', identities.split([profileId]));
  const changesOf = async (...profileIds: readonly string[]) =>
    (await eventsOf(test.platform, 'memberships', 'membership-changed'))
      .filter(({ value }) => profileIds.includes(value.profileId))
      .map(({ value }) => `${value.profileId} ${value.change} ${value.segmentId}`)
      .sort((a, b) => a.slice(0, 3).localeCompare(b.slice(0, 3)));
  const rearrangedOf = async (...profileIds: readonly string[]) =>
    (await eventsOf(test.platform, 'memberships', 'membership-changed'))
      .filter(({ value }) => value.rearranged && profileIds.includes(value.profileId))
      .map(({ value }) => `${value.profileId} ${value.change} ${value.segmentId}`)
      .sort((a, b) => a.slice(0, 3).localeCompare(b.slice(0, 3)));
  const members = async () => {
    const { rows } = await test.platform.postgres.query<{ who: string }>(
      "SELECT segment_id || ': ' || string_agg(profile_id, ' ' ORDER BY profile_id) AS who FROM segment.memberships GROUP BY segment_id ORDER BY 1",
    );
    return rows.map(({ who }) => who);
  };
  const people = async () => (await test.platform.postgres.query('SELECT * FROM segment.people ORDER BY 1, 2')).rows;
  it('keeps memberships through orders, merges, timers that fire twice, and a replay', async () => {
    const running = await runConsumer(consumer, test.platform);

    await append({ messageId: 'ada-1', profileId: 'ada', timestamp: start });
    await append({ messageId: 'bob-1', profileId: 'bob', timestamp: start });
    await append({ messageId: 'bob-2', profileId: 'bob', timestamp: start + day });
    await append({ messageId: 'cy-1', profileId: 'cy', event: 'Product Viewed', timestamp: start });
    await append({ messageId: 'web-1', profileId: 'web', timestamp: start });
    await append({ messageId: 'dee-1', profileId: 'dee', timestamp: start });
    await caughtUp(test.platform, consumer);
    expect(await members()).toEqual(['first-time-buyers: ada dee web']);
    expect(await changesOf('bob')).toEqual(['bob entered first-time-buyers', 'bob exited first-time-buyers']);
    expect((await people()).map(({ profile_id }) => profile_id)).toEqual(['ada', 'bob', 'dee', 'web']);

    await merge('dee', 'web');
    await merge('dee', 'web');
    await caughtUp(test.platform, consumer);
    expect(await changesOf('dee', 'web')).toEqual([
      ...['dee entered first-time-buyers', 'dee exited first-time-buyers'],
      'web entered first-time-buyers',
    ]);
    expect(await members()).toEqual(['first-time-buyers: ada']);

    await append({ messageId: 'web-late', profileId: 'web', timestamp: start + 2 * day });
    await caughtUp(test.platform, consumer);
    expect((await people()).find(({ profile_id }) => profile_id === 'dee')?.conditions).toEqual({
      'Order Completed': { count: 3, firstAt: start, lastAt: start + 2 * day },
    });

    await split('web');
    await caughtUp(test.platform, consumer);
    const conditionsOf = async (profileId: string) =>
      (await people()).find(({ profile_id }) => profile_id === profileId)?.conditions;
    expect(await conditionsOf('dee')).toEqual({ 'Order Completed': { count: 1, firstAt: start, lastAt: start } });
    expect(await conditionsOf('web')).toMatchObject({ 'Order Completed': { count: 2 } });
    expect(await members()).toEqual(['first-time-buyers: ada dee']);
    expect(await rearrangedOf('dee', 'web')).toEqual([
      'dee exited first-time-buyers',
      ...['dee entered first-time-buyers', 'dee exited lapsed-90-days'],
      ...['web exited first-time-buyers', 'web exited lapsed-90-days'],
    ]);

    expect(await fireDueTimers('segment', start + 90 * day - 1, test.platform)).toBe(0);
    await fireDueTimers('segment', start + 90 * day, test.platform);
    await caughtUp(test.platform, consumer);
    expect(await members()).toEqual(['first-time-buyers: ada dee', 'lapsed-90-days: ada dee']);
    const timerId = deriveId('segment-timer', 'shop', 'ada', 'lapsed-90-days');
    const fired = (await eventsOf(test.platform, 'timers', 'timer-fired')).find(
      ({ value }) => value.timerId === timerId,
    );
    if (fired === undefined) throw new Error('the timer of ada did not fire');
    await appendEvent(test.platform, 'timers', 'ada', 'timer-fired', fired.value);
    await fireDueTimers('segment', start + 91 * day, test.platform);
    await caughtUp(test.platform, consumer);
    expect(await changesOf('ada')).toEqual(['ada entered first-time-buyers', 'ada entered lapsed-90-days']);
    expect(await members()).toEqual(['first-time-buyers: ada dee', 'lapsed-90-days: ada bob dee']);

    const before = {
      people: await people(),
      changes: await eventsOf(test.platform, 'memberships', 'membership-changed'),
    };
    await rebuild(test.platform, { name: 'segment', consumer: segmentConsumer, openShadow: openPostgresShadow });
    await fireDueTimers('segment', start + 91 * day, test.platform);
    await caughtUp(test.platform, consumer);
    await running.stop();
    const known = (rows: Awaited<ReturnType<typeof people>>) =>
      rows.map(({ profile_id, survivor_id, conditions, memberships }) => [
        profile_id,
        survivor_id,
        conditions,
        memberships,
      ]);
    expect(known(await people())).toEqual(known(before.people));
    expect(await eventsOf(test.platform, 'memberships', 'membership-changed')).toEqual(before.changes);
  });
});
