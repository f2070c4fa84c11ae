import 'reflect-metadata';
import type { DeliveryContent, DeliveryRequested, TouchpointContent } from '@rapport/events';
import { createApp, registerErasure, runConsumer, type StatefulConsumer } from '@rapport/runtime';
import { appendEvent, caughtUp, eventsOf, startTestPlatform, type TestPlatform } from '@rapport/testing';
import { createMessageLinks, createOutbox, deliverConsumerOf, loadTemplates, OutboxModule } from './index.js';

describe('delivering into the outbox', () => {
  let test: TestPlatform;
  let consumer: StatefulConsumer;

  beforeAll(async () => {
    test = await startTestPlatform();
    consumer = deliverConsumerOf(
      {
        templates: await loadTemplates(test.config),
        channel: createOutbox(test.platform.vault),
        linksOf: await createMessageLinks(test.platform),
        gate: async (outgoing) => outgoing.map(({ request }) => (request.purpose === 'refused' ? 'paused' : undefined)),
      },
      test.platform,
    );
  });
  afterAll(() => test.stop());

  const request = async (deliveryId: string, content: DeliveryContent, more: Partial<DeliveryRequested> = {}) => {
    const { vault } = test.platform;
    const subjectId = vault.hash('default', 'userId', content.to);
    const plaintext = Buffer.from(JSON.stringify(content));
    const [sealed] = await vault.seal([{ workspaceId: 'default', subjectId, boundTo: deliveryId, plaintext }]);
    if (sealed === undefined) throw new Error('nothing was sealed');
    await appendEvent(test.platform, 'delivery-requests', 'ada', 'delivery-requested', {
      workspaceId: 'default',
      profileId: 'ada',
      deliveryId,
      channel: 'email',
      templateId: 'second-order-invitation',
      journeyId: 'after-first-order',
      instanceId: 'i',
      stepId: 'invitation',
      purpose: 'marketing',
      requestedAt: 1,
      subjectId,
      keyId: sealed.keyId,
      content: sealed.bytes,
      ...more,
    });
    return subjectId;
  };
  const recorded = async () =>
    (await eventsOf(test.platform, 'deliveries', 'delivery-recorded'))
      .map(({ value: { deliveryId, status, reason } }) => `${deliveryId} ${status} ${reason ?? ''}`.trim())
      .sort();
  const touchpoints = () => eventsOf(test.platform, 'touchpoints', 'touchpoint');

  it('sends each delivery once, records failures with their reason, and repeats nothing in a replay', async () => {
    const ada = { to: 'ada@example.com', variables: { first_name: 'Ada <3' } };
    const erasedSubject = await request('erased', { to: 'gone@example.com', variables: {} });
    await test.platform.vault.eraseSubjects('default', [erasedSubject]);
    const running = await runConsumer(consumer, test.platform);
    await request('first', ada);
    await request('first', ada);
    await request('unknown-template', ada, { templateId: 'nowhere' });
    await request('wrong-channel', ada, { channel: 'sms' });
    await request('refused', ada, { purpose: 'refused' });
    await caughtUp(test.platform, consumer);
    await request('first', ada);
    await caughtUp(test.platform, consumer);

    const expected = [
      'erased failed erased',
      'first sent',
      'refused withheld paused',
      'unknown-template failed template-missing',
      'wrong-channel failed wrong-channel',
    ];
    expect(await recorded()).toEqual(expected);
    const figures = await test.platform.metrics.metrics();
    expect(figures).toContain('rapport_deliveries_total{channel="email",status="already-sent",reason=""} 2');
    const [sent, ...more] = await touchpoints();
    expect(more).toEqual([]);
    expect(sent?.value).toMatchObject({ event: 'Message Sent', type: 'track', sourceId: 'deliver', imported: false });
    expect(sent?.record.key).toBe(sent?.value.subjectId);
    expect(sent?.record.origin).toMatchObject({ producer: 'deliver', topic: 'delivery-requests' });
    const [content] = await test.platform.vault.openContent([
      { ...sent!.value, boundTo: sent!.value.messageId, bytes: sent!.value.content },
    ]);
    expect(content).toMatchObject<TouchpointContent>({ profileId: 'ada', properties: { delivery_id: 'first' } });

    await running.stop();
    const { rows } = await test.platform.postgres.query('SELECT delivery_id FROM deliver.outbox ORDER BY 1');
    expect(rows.map(({ delivery_id }: { delivery_id: string }) => delivery_id)).toEqual([
      'erased',
      'first',
      'refused',
      'unknown-template',
      'wrong-channel',
    ]);
  });

  it('keeps no address readable in its table', async () => {
    const { rows } = await test.platform.postgres.query<{ text: string }>(
      "SELECT outbox::text || encode(coalesce(message, ''), 'escape') AS text FROM deliver.outbox",
    );
    expect(rows).toHaveLength(5);
    expect(rows.filter(({ text }) => /example\.com|Ada/.test(text))).toEqual([]);
  });

  it('shows what it sent, escaped, to somebody on the machine or with the API key', async () => {
    const app = await createApp([OutboxModule], test.platform);
    await app.listen(0, '127.0.0.1');
    try {
      const url = await app.getUrl();
      const page = await (await fetch(`${url}/outbox`)).text();
      expect(page).toContain('ada@example.com');
      expect(page).toContain('Hello Ada &lt;3,');
      expect(page).not.toContain('Ada <3');
      expect(page).toContain('Not sent: template-missing');

      const headers = { 'x-forwarded-for': '203.0.113.9' };
      const refused = await fetch(`${url}/outbox.json`, { headers });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      const authorization = `Bearer ${test.config.secrets.apiKey}`;
      const answer: unknown = await (
        await fetch(`${url}/outbox.json?limit=2`, { headers: { ...headers, authorization } })
      ).json();
      expect(answer).toMatchObject({ sent: 1, entries: [{}, {}] });

      const ids = { erasureId: 'e', profileIds: ['ada'], subjectIds: [], identifierHashes: [] };
      await registerErasure(test.platform.postgres, {
        workspaceId: 'default',
        ...ids,
        requestedBy: 'spec',
        requestedAt: 1,
      });
      expect(await (await fetch(`${url}/outbox`)).text()).not.toContain('ada@example.com');
    } finally {
      await app.close();
    }
  });
});
