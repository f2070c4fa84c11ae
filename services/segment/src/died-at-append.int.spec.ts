import { runConsumer, type StatefulConsumer } from '@rapport/runtime';
import {
  appendEvent,
  dyingAtAppend,
  eventsOf,
  Identities,
  runUntilCaughtUp,
  sealedTouchpoint,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { segmentConsumer } from './index.js';

const start = 20_000 * 86_400_000;

/** Orders and links come by several topics: whoever goes on may have read more of the other one. */
describe('a segmenting process that dies while it says who is in a segment', () => {
  let test: TestPlatform;
  let consumer: StatefulConsumer;
  const identities = new Identities('shop');

  beforeAll(async () => {
    test = await startTestPlatform({ clock: () => start });
    consumer = await segmentConsumer(test.platform);
  });
  afterAll(() => test.stop());

  const order = async (profileId: string) => {
    const about = { event: 'Order Completed', messageId: `order-${profileId}`, profileId, timestamp: start };
    const value = await sealedTouchpoint(test.platform.vault, about);
    await appendEvent(test.platform, 'profile-touchpoints', profileId, 'profile-touchpoint', value);
  };
  const merge = (survivor: string, merged: string) =>
    appendEvent(test.platform, 'identities', merged, 'profiles-merged', identities.merged(survivor, merged));
  /** Who is in the segment for a reader of the log, who drops repetitions of an origin. */
  const membersOnLog = async () => {
    const seen = new Set<string>();
    const members = new Set<string>();
    for (const { record, value } of await eventsOf(test.platform, 'memberships', 'membership-changed')) {
      const place = JSON.stringify(record.origin);
      if (seen.has(place) || value.segmentId !== 'first-time-buyers') continue;
      seen.add(place);
      if (value.change === 'entered') members.add(value.profileId);
      else members.delete(value.profileId);
    }
    return [...members].filter((profileId) => identities.personOf(profileId) === profileId).sort();
  };
  const membersInTables = async () => {
    const { rows } = await test.platform.postgres.query<{ profile_id: string }>(
      "SELECT profile_id FROM segment.memberships WHERE segment_id = 'first-time-buyers' ORDER BY 1",
    );
    return rows.map(({ profile_id }) => profile_id);
  };

  it.each(['before', 'after'] as const)(
    'Given it died just %s the append, when others link the person before it is repeated, then tables and log agree',
    async (when) => {
      const [first, second, other] = [`first-${when}`, `second-${when}`, `other-${when}`];
      await order(first);
      await order(other);
      await runUntilCaughtUp(consumer, test.platform);
      expect(await membersOnLog()).toEqual(expect.arrayContaining([first, other]));

      const { platform: dying, died } = dyingAtAppend(test.another(`dying-${when}`), 'memberships', when);
      const member = await runConsumer(await segmentConsumer(dying), dying);
      await order(second);
      await died;
      await member.stop();
      await merge(first, second);
      await runUntilCaughtUp({ ...consumer, topics: ['identities'] }, test.platform);
      await runUntilCaughtUp(consumer, test.platform);

      expect(await membersInTables()).not.toContain(first);
      expect(await membersInTables()).toContain(other);
      expect(await membersOnLog()).toEqual(await membersInTables());
    },
  );
});
