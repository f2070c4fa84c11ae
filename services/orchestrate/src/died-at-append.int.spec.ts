import { openPostgresShadow, rebuild, runConsumer, type StatefulConsumer } from '@rapport/runtime';
import {
  appendEvent,
  dyingAtAppend,
  eventsOf,
  Identities,
  runUntilCaughtUp,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { orchestrateConsumer, rebuildJourneysConsumer } from './index.js';

const noon = 20_000 * 24 * 3_600_000;

/** What a decision depends on comes by several topics: whoever goes on may have read more of another one. */
describe('an orchestrating process that dies while it says what it decided', () => {
  let test: TestPlatform;
  let consumer: StatefulConsumer;
  const identities = new Identities('shop');

  beforeAll(async () => {
    test = await startTestPlatform();
    consumer = await orchestrateConsumer(test.platform);
  });
  afterAll(() => test.stop());

  const enter = (profileId: string) =>
    appendEvent(test.platform, 'memberships', profileId, 'membership-changed', {
      workspaceId: 'shop',
      profileId,
      segmentId: 'first-time-buyers',
      change: 'entered',
      timestamp: noon,
      decidedAt: noon,
      causeId: `order-${profileId}`,
      imported: false,
      rearranged: false,
    });
  const merge = (survivor: string, merged: string) =>
    appendEvent(
      test.platform,
      'identities',
      merged,
      'profiles-merged',
      identities.merged(survivor, merged, { timestamp: noon }),
    );
  const differences = async () => {
    const { tables } = await rebuild(test.platform, {
      name: 'orchestrate',
      consumer: rebuildJourneysConsumer,
      openShadow: openPostgresShadow,
      verify: true,
    });
    return tables.flatMap(({ table, live, rebuilt }) => (live.sha256 === rebuilt.sha256 ? [] : [table]));
  };
  /** What readers take in: repetitions of an origin are dropped. */
  const decisions = async (...profileIds: readonly string[]) => {
    const seen = new Set<string>();
    return (await eventsOf(test.platform, 'journeys', 'journey-progressed')).flatMap(
      ({ record: { origin }, value }) => {
        const place = JSON.stringify(origin);
        if (seen.has(place) || !profileIds.includes(value.loneProfileId ?? '')) return [];
        seen.add(place);
        return `${value.loneProfileId} ${value.kind}`;
      },
    );
  };

  it.each(['before', 'after'] as const)(
    'Given it died just %s the append, when others link the person before it is repeated, then tables and log agree',
    async (when) => {
      const [running, entering] = [`running-${when}`, `entering-${when}`];
      await enter(running);
      await runUntilCaughtUp(consumer, test.platform);

      const { platform: dying, died } = dyingAtAppend(test.another(`dying-${when}`), 'journeys', when);
      const member = await runConsumer(await orchestrateConsumer(dying), dying);
      await enter(entering);
      await died;
      await member.stop();
      await merge(running, entering);
      await runUntilCaughtUp({ ...consumer, topics: ['identities'] }, test.platform);
      await runUntilCaughtUp(consumer, test.platform);

      expect(await decisions(running, entering)).toEqual(
        expect.arrayContaining([`${entering} entered`, `${entering} waiting`]),
      );
      expect((await decisions(running, entering)).filter((decision) => decision.endsWith('exited'))).toHaveLength(1);
      expect(await differences()).toEqual([]);
    },
  );

  it('Given nobody went on, a replay says what was left unsaid first', async () => {
    const { platform: dying, died } = dyingAtAppend(test.another('dying-alone'), 'journeys', 'before');
    const member = await runConsumer(await orchestrateConsumer(dying), dying);
    await enter('alone');
    await died;
    await member.stop();
    expect(await decisions('alone')).toEqual([]);

    expect(await differences()).toEqual([]);
  });
});
