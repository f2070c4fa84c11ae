import { type DeliveryContent, type JsonObject, type MembershipChanged } from '@rapport/events';
import { fireDueTimers, openPostgresShadow, rebuild, runConsumer, type StatefulConsumer } from '@rapport/runtime';
import {
  consentRecorded,
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

describe('orchestrating the journey after a first order', () => {
  let test: TestPlatform;
  let consumer: StatefulConsumer;

  beforeAll(async () => {
    test = await startTestPlatform();
    consumer = await orchestrateConsumer(test.platform);
  });
  afterAll(() => test.stop());

  const identify = async (profileId: string, traits: JsonObject, timestamp = noon) => {
    const envelope = {
      messageId: `identify-${profileId}-${timestamp}`,
      type: 'identify' as const,
      profileId,
      timestamp,
    };
    const value = await sealedTouchpoint(test.platform.vault, envelope, { traits });
    await appendEvent(test.platform, 'profile-touchpoints', profileId, 'profile-touchpoint', value);
  };
  const order = async (profileId: string, timestamp: number) => {
    const envelope = { messageId: `order-${profileId}-${timestamp}`, event: 'Order Completed', profileId, timestamp };
    const value = await sealedTouchpoint(test.platform.vault, envelope);
    await appendEvent(test.platform, 'profile-touchpoints', profileId, 'profile-touchpoint', value);
  };
  const enter = (profileId: string, timestamp = noon, more: Partial<MembershipChanged> = {}) =>
    appendEvent(test.platform, 'memberships', profileId, 'membership-changed', {
      workspaceId: 'shop',
      profileId,
      segmentId: 'first-time-buyers',
      change: 'entered',
      timestamp,
      decidedAt: timestamp,
      causeId: `order-${profileId}-${timestamp}`,
      imported: false,
      rearranged: false,
      ...more,
    });
  const withdraw = (profileId: string) =>
    appendEvent(
      test.platform,
      'consents',
      profileId,
      'consent-recorded',
      consentRecorded({ workspaceId: 'shop', profileId, status: 'withdrawn', timestamp: noon }),
    );
  const identities = new Identities('shop');
  const merge = (survivorId: string, mergedId: string) =>
    appendEvent(
      test.platform,
      'identities',
      mergedId,
      'profiles-merged',
      identities.merged(survivorId, mergedId, { timestamp: noon }),
    );
  const split = (profileId: string) =>
    appendEvent(test.platform, 'identities', profileId, 'profiles-split', identities.split([profileId]));
  const done = () => caughtUp(test.platform, consumer);
  const timePassesTo = async (now: number) => {
    await done();
    while ((await fireDueTimers('orchestrate', now, test.platform)) > 0) await done();
  };
  const storyOf = async (profileId: string) =>
    (await eventsOf(test.platform, 'journeys', 'journey-progressed'))
      .filter(({ value }) => value.profileId === profileId)
      .map(({ value: { kind, reason } }) => (reason === null ? kind : `${kind}: ${reason}`));
  const requests = () => eventsOf(test.platform, 'delivery-requests', 'delivery-requested');
  const instances = async () => {
    const { rows } = await test.platform.postgres.query<{ profile_id: string; status: string }>(
      'SELECT profile_id, status FROM orchestrate.instances ORDER BY profile_id, instance_id',
    );
    return rows.map(({ profile_id, status }) => `${profile_id} ${status}`);
  };

  it('sends once, withholds with a reason, lets go who orders again, follows merges, and survives a replay', async () => {
    const running = await runConsumer(consumer, test.platform);

    await identify('ada', { email: 'ada@example.com', firstName: 'Ada' });
    await identify('ada', { email: 'old@example.com' }, noon - hour);
    await enter('ada');
    await enter('ada');
    await enter('anonymous');
    await enter('again');
    await enter('unsubscribed');
    await identify('unsubscribed', { email: 'u@example.com' });
    await withdraw('unsubscribed');
    await identify('erased', { email: 'e@example.com' });
    await enter('erased');
    await enter('historic', noon - 48 * hour, { decidedAt: noon });
    await enter('imported', noon, { imported: true });
    await identify('nobody-entered', { email: 'n@example.com' });
    await done();
    await order('again', noon + hour);
    await identify('merged-user', { email: 'user@example.com' });
    await enter('merged-web');
    await done();
    await merge('merged-user', 'merged-web');
    await test.platform.vault.eraseSubjects('shop', [test.platform.vault.hash('shop', 'userId', 'erased')]);
    await timePassesTo(noon + 2 * hour - 1);
    expect(await requests()).toHaveLength(0);

    await timePassesTo(noon + 2 * hour);
    const [firing] = await eventsOf(test.platform, 'timers', 'timer-fired');
    if (firing === undefined) throw new Error('no timer fired');
    await appendEvent(test.platform, 'timers', firing.record.key, 'timer-fired', firing.value);
    await timePassesTo(noon + 3 * hour);

    const figures = await test.platform.metrics.metrics();
    expect(figures).toMatch(
      /rapport_journey_decisions_total\{journey="after-first-order",kind="message-withheld",reason="no-address"\} 1\n/,
    );
    expect(await storyOf('ada')).toEqual(['entered', 'waiting', 'message-requested', 'completed']);
    expect(await storyOf('anonymous')).toEqual(['entered', 'waiting', 'message-withheld: no-address', 'completed']);
    expect(await storyOf('again')).toEqual(['entered', 'waiting', 'exited: next-order']);
    expect(await storyOf('unsubscribed')).toEqual([
      'entered',
      'waiting',
      'message-withheld: consent-withdrawn',
      'completed',
    ]);
    expect(await storyOf('erased')).toEqual(['entered', 'waiting', 'message-withheld: erased', 'completed']);
    expect(await storyOf('historic')).toEqual(['entry-refused: too-old']);
    expect(await storyOf('imported')).toEqual(['entry-refused: imported']);
    expect(await storyOf('nobody-entered')).toEqual([]);
    expect(await storyOf('merged-web')).toEqual(['entered', 'waiting']);
    expect(await storyOf('merged-user')).toEqual(['message-requested', 'completed']);

    const sent = await requests();
    expect(sent.map(({ value }) => value.profileId).sort()).toEqual(['ada', 'merged-user']);
    const toAda = sent.find(({ value }) => value.profileId === 'ada')?.value;
    if (toAda === undefined) throw new Error('nothing was requested for ada');
    const { workspaceId, subjectId, keyId, deliveryId, content } = toAda;
    const [opened] = await test.platform.vault.open([
      { workspaceId, subjectId, keyId, boundTo: deliveryId, bytes: content },
    ]);
    const message = JSON.parse(String(opened)) as DeliveryContent;
    expect(message).toEqual({ to: 'ada@example.com', variables: { first_name: 'Ada' } });

    const before = {
      instances: await instances(),
      journeys: await eventsOf(test.platform, 'journeys', 'journey-progressed'),
    };
    await rebuild(test.platform, {
      name: 'orchestrate',
      consumer: rebuildJourneysConsumer,
      openShadow: openPostgresShadow,
    });
    await timePassesTo(noon + 3 * hour);
    await running.stop();
    expect(await instances()).toEqual(before.instances);
    expect(await eventsOf(test.platform, 'journeys', 'journey-progressed')).toEqual(before.journeys);
    expect(await requests()).toEqual(sent);
  });

  it('lets a passage go on with whom it began, through a merge and a split', async () => {
    const later = noon + 24 * hour;
    const running = await runConsumer(consumer, test.platform);
    await identify('home', { email: 'home@example.com' }, later);
    await identify('work', { email: 'work@example.com' }, later + 1);
    await enter('home', later);
    await enter('work', later + hour);
    await done();
    await merge('home', 'work');
    await done();
    expect(await storyOf('home')).toEqual(['entered', 'waiting', 'exited: merged']);
    await enter('work', later + hour, { causeId: 'again', rearranged: true });
    await done();
    expect(await storyOf('home')).toEqual(['entered', 'waiting', 'exited: merged', 'entry-refused: rearranged']);

    await merge('office', 'home');
    await split('home');
    await split('work');
    await done();
    await timePassesTo(later + 4 * hour);
    await running.stop();
    expect((await instances()).filter((each) => /home|work|office/.test(each))).toEqual([
      'home completed',
      'work exited',
    ]);
    const sent = (await requests()).filter(({ value }) => value.profileId === 'home');
    expect(sent).toHaveLength(1);
    expect((await storyOf('home')).slice(-2)).toEqual(['message-requested', 'completed']);
  });

  it('keeps no address readable in its tables', async () => {
    const { rows } = await test.platform.postgres.query<{ text: string }>(
      'SELECT people::text AS text FROM orchestrate.people',
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ text }) => /example\.com|Ada/.test(text))).toEqual([]);
  });
});
