import { SuppressionList } from '@rapport/event-log';
import type { DeliveryContent } from '@rapport/events';
import { runConsumer, type StatefulConsumer } from '@rapport/runtime';
import { deliverConsumer, readOutbox } from '@rapport/service-deliver';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendEvent,
  appendTouchpoints,
  caughtUp,
  eventually,
  eventsOf,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';

describe('a message that is about to leave', () => {
  let test: TestPlatform;
  let deliver: StatefulConsumer;
  let stop: () => Promise<void>;
  let requested = 0;

  beforeAll(async () => {
    test = await startTestPlatform();
    const { platform } = test;
    deliver = await deliverConsumer(platform);
    const consumers = [resolveConsumer(platform), await profileConsumer(platform), deliver];
    const running = await Promise.all(consumers.map((consumer) => runConsumer(consumer, platform)));
    stop = async () => void (await Promise.all(running.map((each) => each.stop())));
  });
  afterAll(async () => {
    await stop();
    await test.stop();
  });

  /** Makes a person known and gives the id of their profile. */
  const known = async (userId: string): Promise<string> => {
    await appendTouchpoints(test.platform, [{ userId, type: 'identify', traits: { email: `${userId}@example.com` } }]);
    return eventually(async () => {
      const { rows } = await test.platform.postgres.query<{ profile_id: string }>(
        "SELECT profile_id FROM profile.profiles WHERE traits ->> 'email' = $1",
        [`${userId}@example.com`],
      );
      expect(rows).toHaveLength(1);
      return rows[0]!.profile_id;
    });
  };
  const request = async (profileId: string, userId: string, purpose = 'marketing'): Promise<string> => {
    const { vault } = test.platform;
    const deliveryId = `delivery-${(requested += 1)}`;
    const subjectId = vault.hash('default', 'userId', userId);
    const content: DeliveryContent = { to: `${userId}@example.com`, variables: {} };
    const plaintext = Buffer.from(JSON.stringify(content));
    const [sealed] = await vault.seal([{ workspaceId: 'default', subjectId, boundTo: deliveryId, plaintext }]);
    await appendEvent(test.platform, 'delivery-requests', profileId, 'delivery-requested', {
      ...{ workspaceId: 'default', profileId, deliveryId, channel: 'email', templateId: 'second-order-invitation' },
      ...{ journeyId: 'j', instanceId: 'i', stepId: 's', purpose, requestedAt: 1, subjectId },
      keyId: sealed!.keyId,
      content: sealed!.bytes,
    });
    return deliveryId;
  };
  const outcomeOf = async (deliveryId: string): Promise<string> => {
    await caughtUp(test.platform, deliver);
    const told = await eventsOf(test.platform, 'deliveries', 'delivery-recorded');
    return told
      .filter(({ value }) => value.deliveryId === deliveryId)
      .map(({ value: { status, reason } }) => `${status} ${reason ?? ''}`.trim())
      .join();
  };
  const say = (userId: string, event: string, properties = {}) =>
    appendTouchpoints(test.platform, [{ userId, event, properties }]);

  it('leaves where nothing speaks against it, with links to unsubscribe by one click', async () => {
    const profileId = await known('ada');
    expect(await outcomeOf(await request(profileId, 'ada'))).toBe('sent');

    const { entries } = await readOutbox(test.platform, 'default', 10);
    const message = entries[0]?.message;
    const url = message?.headers['List-Unsubscribe']?.slice(1, -1) ?? '';
    expect(url).toMatch(/^http:\/\/localhost:\d+\/unsubscribe\/[\w.-]+$/);
    expect(message?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(message?.text).toContain(url);
    expect(message?.text).toContain('/preferences/');
  });

  it.each([
    ['Consent Withdrawn', {}, 'withheld consent-withdrawn'],
    ['Consent Denied', { purpose: 'marketing', channel: 'email' }, 'withheld consent-denied'],
    ['Unsubscribed', {}, 'withheld consent-withdrawn'],
    ['Preferences Updated', { paused_until: '2200-01-01' }, 'withheld paused'],
    ['Consent Withdrawn', { purpose: 'surveys' }, 'sent'],
  ])('obeys what was on the log a moment before: %s %j', async (event, properties, outcome) => {
    const userId = `user-${requested}`;
    const profileId = await known(userId);
    await say(userId, event, properties);
    expect(await outcomeOf(await request(profileId, userId))).toBe(outcome);
  });

  it('that a contract asks for leaves all the same', async () => {
    const profileId = await known('buyer');
    await say('buyer', 'Consent Withdrawn');
    await say('buyer', 'Preferences Updated', { paused_until: '2200-01-01' });
    expect(await outcomeOf(await request(profileId, 'buyer', 'transactional'))).toBe('sent');
  });

  it('never goes to an address on the suppression list', async () => {
    const profileId = await known('bounced');
    const list = new SuppressionList(test.platform);
    await list.add('default', { type: 'email', value: 'Bounced@example.com' }, { scope: 'imports', reason: 'bounce' });
    expect(await outcomeOf(await request(profileId, 'bounced', 'transactional'))).toBe('withheld suppressed');
  });

  it('withheld stays withheld when it is asked for again', async () => {
    const profileId = await known('again');
    await say('again', 'Consent Withdrawn');
    const deliveryId = await request(profileId, 'again');
    expect(await outcomeOf(deliveryId)).toBe('withheld consent-withdrawn');
    const { rows } = await test.platform.postgres.query(
      'SELECT status, reason, message FROM deliver.outbox WHERE delivery_id = $1',
      [deliveryId],
    );
    expect(rows).toEqual([{ status: 'withheld', reason: 'consent-withdrawn', message: null }]);
  });
});
