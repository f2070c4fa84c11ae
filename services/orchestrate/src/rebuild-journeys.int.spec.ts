import { topicNames } from '@rapport/events';
import {
  completeErasure,
  fireDueTimers,
  openPostgresShadow,
  rebuild,
  registerErasure,
  runConsumer,
  type RebuildOptions,
} from '@rapport/runtime';
import {
  appendEvent,
  caughtUp,
  eventsOf,
  Identities,
  sealedTouchpoint,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { orchestrateConsumer, rebuildJourneysConsumer } from './index.js';

const hour = 3_600_000;
const noon = 20_000 * 24 * hour;
const workspaceId = 'shop';
const pairs = Array.from({ length: 12 }, (_, i) => [`home-${i}`, `work-${i}`] as const);

/** Pairs of profiles on many partitions, in every order of entries, orders, links, splits and timers. */
describe('rebuilding what orchestration remembers', () => {
  let test: TestPlatform;
  const identities = new Identities(workspaceId);
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    test = await startTestPlatform();
    // Two instances, as in a deployment: partitions are shared between them.
    for (const platform of [test.platform, test.another('second')])
      running.push(await runConsumer(await orchestrateConsumer(platform), platform));
    await history();
  }, 120_000);
  afterAll(async () => {
    for (const each of running) await each.stop();
    await test.stop();
  });

  const done = async () => caughtUp(test.platform, await orchestrateConsumer(test.platform));
  const touch = async (profileId: string, more: { type: 'identify' | 'track'; timestamp: number; event?: string }) => {
    const envelope = { messageId: `${profileId}-${more.type}-${more.timestamp}`, profileId, ...more };
    const person = identities.personOf(profileId);
    const traits = more.type === 'identify' ? { traits: { email: `${profileId}@example.com` } } : {};
    const sealed = await sealedTouchpoint(test.platform.vault, envelope, traits);
    const value = { ...sealed, profileId: person, loneProfileId: profileId };
    await appendEvent(test.platform, 'profile-touchpoints', person, 'profile-touchpoint', value);
  };
  const order = (profileId: string, timestamp: number) =>
    touch(profileId, { type: 'track', event: 'Order Completed', timestamp });
  const enter = (lone: string, timestamp: number) => {
    const profileId = identities.personOf(lone);
    const about = { workspaceId, profileId, segmentId: 'first-time-buyers', change: 'entered' as const, timestamp };
    const cause = { decidedAt: timestamp, causeId: `order-${lone}-${timestamp}`, imported: false, rearranged: false };
    return appendEvent(test.platform, 'memberships', profileId, 'membership-changed', { ...about, ...cause });
  };
  const link = (a: string, b: string) =>
    appendEvent(test.platform, 'identities', b, 'profiles-merged', identities.merged(a, b, { timestamp: noon }));
  const split = (profileId: string) =>
    appendEvent(test.platform, 'identities', profileId, 'profiles-split', identities.split([profileId]));
  const timePassesTo = async (now: number) => {
    await done();
    while ((await fireDueTimers('orchestrate', now, test.platform)) > 0) await done();
  };

  async function history(): Promise<void> {
    const round = async (work: (home: string, work: string, i: number) => Promise<unknown>): Promise<void> => {
      for (const [i, [home, other]] of pairs.entries()) await work(home, other, i);
      await done();
    };
    await round(async (home, work, i) => {
      await touch(home, { type: 'identify', timestamp: noon });
      if (i % 3 > 0) await enter(home, noon + i);
      if (i % 3 < 2) await enter(work, noon + hour + i);
    });
    await round((home, work, i) => (i % 2 === 0 ? order(work, noon + i) : order(home, noon + 2 * hour)));
    await round((home, work) => link(home, work));
    await round((_, work, i) => (i % 4 === 0 ? order(work, noon + 2 * hour) : enter(work, noon + hour + 100 + i)));
    await round(async (_, work, i) => (i % 4 < 3 ? split(work) : undefined));
    await round((_, work, i) => (i % 5 === 0 ? order(work, noon + 3 * hour) : enter(work, noon + 4 * hour + i)));
    await timePassesTo(noon + 3 * hour);
    await round((home, work, i) => enter(i % 2 === 0 ? home : work, noon + 5 * hour + i));
    await round(async (home, work, i) => (i % 4 < 3 ? link(work, home) : undefined));
    await timePassesTo(noon + 7 * hour + 5);
    await round(async (home, _, i) => (i % 3 === 0 ? order(home, noon + 8 * hour) : undefined));
  }

  const rebuilt = (options: Partial<RebuildOptions> = {}) =>
    rebuild(test.platform, {
      name: 'orchestrate',
      consumer: rebuildJourneysConsumer,
      openShadow: openPostgresShadow,
      ...options,
    });
  const differences = async (options: Partial<RebuildOptions> = {}) =>
    (await rebuilt({ ...options, verify: true })).tables.flatMap(({ table, live, rebuilt: again }) =>
      live.sha256 === again.sha256 ? [] : [`${table}: ${live.rows} rows, ${again.rows} rebuilt`],
    );
  const timers = async () =>
    (await test.platform.postgres.query('SELECT * FROM runtime.timers ORDER BY timer_id')).rows;
  const ends = () => test.platform.eventLog.bounds('journeys');

  /** As an erasure leaves things: its person known to be erased up to the end of the log, and gone from the tables. */
  const erase = async (profileId: string): Promise<void> => {
    const { postgres, eventLog } = test.platform;
    const erasureId = `erasure-${profileId}`;
    const about = { erasureId, workspaceId, profileIds: [profileId], subjectIds: [], identifierHashes: [] };
    await registerErasure(postgres, { ...about, requestedBy: 'spec', requestedAt: noon });
    for (const table of ['people', 'parts'])
      await postgres.query(`DELETE FROM orchestrate.${table} WHERE profile_id = $1`, [profileId]);
    const bounds = (await Promise.all(topicNames.map((topic) => eventLog.bounds(topic)))).flat();
    const cuts = Object.fromEntries(bounds.map(({ topic, partition, high }) => [`${topic}/${partition}`, high]));
    await completeErasure(postgres, { erasureId, workspaceId, cuts, certificate: 'none', completedAt: noon });
  };

  it('Given passages that ended in every way, and some that wait', async () => {
    const decisions = await eventsOf(test.platform, 'journeys', 'journey-progressed');
    const reasons = new Set(decisions.map(({ value: { kind, reason } }) => reason ?? kind));
    const expected = [
      'entered',
      'waiting',
      'merged',
      'next-order',
      'already-running',
      'completed',
      'message-requested',
    ];
    expect([...reasons]).toEqual(expect.arrayContaining(expected));
    expect(new Set(decisions.map(({ record }) => record.partition)).size).toBeGreaterThan(1);
    expect((await timers()).length).toBeGreaterThan(0);
  });

  it.each([
    [1, 1],
    [7, 3],
    [50_000, 4],
  ])('%i records at a time by %i workers, gives the same bytes', async (maxBatchRecords, workers) => {
    expect(await differences({ maxBatchRecords, workers })).toEqual([]);
  });

  it('puts the same people and timers in their place, and appends nothing', async () => {
    const before = { timers: await timers(), ends: await ends() };
    await rebuilt();
    await done();
    expect({ timers: await timers(), ends: await ends() }).toEqual(before);
    expect(await differences()).toEqual([]);
  });

  it('keeps a passage of one who was linked with a person that was erased after they had been split', async () => {
    const ended = (await eventsOf(test.platform, 'journeys', 'journey-progressed')).find(
      ({ value: { kind, profileId, loneProfileId } }) => kind === 'exited' && profileId !== loneProfileId,
    );
    if (ended === undefined) throw new Error('no passage ended while its profile was linked');
    const { profileId: other, loneProfileId: kept } = ended.value;
    await split(identities.personOf(other) === other ? kept : other);
    await done();
    await erase(other);
    expect(await differences()).toEqual([]);
  });
});
