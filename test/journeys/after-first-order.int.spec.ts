import type { Touchpoint, TouchpointContent } from '@rapport/events';
import { fireDueTimers, rebuild, runConsumer, type StatefulConsumer } from '@rapport/runtime';
import { deliverConsumer, readOutbox } from '@rapport/service-deliver';
import { orchestrateConsumer } from '@rapport/service-orchestrate';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import { segmentConsumer } from '@rapport/service-segment';
import { projections } from '@rapport/service-standalone';
import { appendEvent, caughtUp, eventsOf, startTestPlatform, type TestPlatform } from '@rapport/testing';

const hour = 3_600_000;
const noon = Date.UTC(2026, 5, 1, 12);

/** The whole flow behind the collector, from a touchpoint to a message and back to a touchpoint, on real parts. */
describe('the journey after a first order, from end to end', () => {
  let test: TestPlatform;
  let consumers: readonly StatefulConsumer[];

  beforeAll(async () => {
    test = await startTestPlatform();
    const { platform } = test;
    consumers = [
      resolveConsumer(platform),
      await profileConsumer(platform),
      await segmentConsumer(platform),
      await orchestrateConsumer(platform),
      await deliverConsumer(platform),
    ];
  });
  afterAll(() => test.stop());

  const collect = async (
    messageId: string,
    content: TouchpointContent,
    { receivedAt = noon, timestamp = receivedAt, ...envelope }: Partial<Touchpoint> = {},
  ) => {
    const { vault } = test.platform;
    const subjectId =
      content.userId === undefined
        ? vault.hash('default', 'anonymousId', content.anonymousId ?? '')
        : vault.hash('default', 'userId', content.userId);
    const plaintext = Buffer.from(JSON.stringify(content));
    const [sealed] = await vault.seal([{ workspaceId: 'default', subjectId, boundTo: messageId, plaintext }]);
    if (sealed === undefined) throw new Error('nothing was sealed');
    await appendEvent(test.platform, 'touchpoints', subjectId, 'touchpoint', {
      workspaceId: 'default',
      sourceId: 'shop',
      messageId,
      type: 'track',
      event: null,
      originalTimestamp: null,
      sentAt: null,
      flags: [],
      imported: false,
      ...envelope,
      subjectId,
      keyId: sealed.keyId,
      timestamp,
      receivedAt,
      content: sealed.bytes,
    });
  };
  const identify = (userId: string, anonymousId?: string) =>
    collect(
      `identify-${userId}`,
      {
        userId,
        ...(anonymousId === undefined ? {} : { anonymousId }),
        traits: { email: `${userId}@example.com`, firstName: userId },
      },
      { type: 'identify' },
    );
  const order = (messageId: string, who: TouchpointContent, times: Partial<Touchpoint> = {}) =>
    collect(
      messageId,
      { ...who, properties: { order_id: messageId, total: 20, currency: 'EUR' } },
      { event: 'Order Completed', ...times },
    );

  /** Everything that follows from what is on the log has been done; a sent message goes round once more. */
  const settle = async () => {
    for (let round = 0; round < 2; round += 1) {
      for (const consumer of consumers) await caughtUp(test.platform, consumer);
    }
  };
  const timePassesTo = async (now: number) => {
    await settle();
    for (;;) {
      const fired =
        (await fireDueTimers('orchestrate', now, test.platform)) + (await fireDueTimers('segment', now, test.platform));
      if (fired === 0) return;
      await settle();
    }
  };
  const sentTo = async () => {
    const { entries } = await readOutbox(test.platform, 'default', 100);
    return entries.map(({ message }) => message?.to).sort();
  };
  const reasons = async () => {
    const decisions = await eventsOf(test.platform, 'journeys', 'journey-progressed');
    const counts = new Map<string, number>();
    for (const { value } of decisions) {
      // Whether Bob waits for a moment depends on which topic is read first; nothing else may.
      if (value.kind === 'waiting') continue;
      const name = value.reason === null ? value.kind : `${value.kind}: ${value.reason}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort());
  };

  it('sends each person at most one message, to whom it is due, and says why for everybody', async () => {
    const running = await Promise.all(consumers.map((consumer) => runConsumer(consumer, test.platform)));

    // A guest orders and identifies afterwards; the order is delivered twice.
    await order('ada-1', { anonymousId: 'web-ada' });
    await order('ada-1', { anonymousId: 'web-ada' });
    await identify('ada', 'web-ada');
    // Known, orders twice in an hour.
    await identify('bob');
    await order('bob-1', { userId: 'bob' });
    await order('bob-2', { userId: 'bob' }, { receivedAt: noon + hour });
    // Ordered this morning, and only now heard of: due at once.
    await identify('cy');
    await order('cy-1', { userId: 'cy' }, { timestamp: noon - 5 * hour });
    // History of last week, and history that says so.
    await identify('dee');
    await order('dee-1', { userId: 'dee' }, { timestamp: noon - 7 * 24 * hour });
    await identify('eve');
    await order('eve-1', { userId: 'eve' }, { imported: true });
    // Wants no mail; has no address.
    await identify('fay');
    await order('fay-1', { userId: 'fay' });
    await collect('fay-2', { userId: 'fay' }, { event: 'Email Unsubscribed' });
    await order('gus-1', { userId: 'gus' });

    await timePassesTo(noon + hour);
    expect(await sentTo()).toEqual(['cy@example.com']);
    await timePassesTo(noon + 2 * hour);
    await timePassesTo(noon + 100 * 24 * hour);

    const outbox = ['ada@example.com', 'cy@example.com'];
    expect(await sentTo()).toEqual(outbox);
    const why = {
      completed: 4,
      'entry-refused: imported': 1,
      'entry-refused: too-old': 1,
      entered: 5,
      'exited: next-order': 1,
      'message-requested': 2,
      'message-withheld: consent-withdrawn': 1,
      'message-withheld: no-address': 1,
    };
    expect(await reasons()).toEqual(why);

    // The message is a touchpoint of the person it was sent to.
    const delivered = await eventsOf(test.platform, 'deliveries', 'delivery-recorded');
    const touchpoints = await eventsOf(test.platform, 'profile-touchpoints', 'profile-touchpoint');
    const told = touchpoints.filter(({ value }) => value.event === 'Message Sent').map(({ value }) => value.profileId);
    expect(told.sort()).toEqual(delivered.map(({ value }) => value.profileId).sort());
    expect(told).toHaveLength(2);

    for (const name of ['segment', 'orchestrate']) {
      const projection = projections.get(name);
      if (projection === undefined) throw new Error(`there is no projection ${name}`);
      expect((await rebuild(test.platform, projection)).records).toBeGreaterThan(0);
    }
    await timePassesTo(noon + 200 * 24 * hour);
    await Promise.all(running.map((each) => each.stop()));
    expect(await sentTo()).toEqual(outbox);
    expect(await reasons()).toEqual(why);
  });
});
