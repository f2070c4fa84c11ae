import { deriveId, type DeliveryRequested, type Touchpoint } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import type { InputRecord, Outcome, Output, Platform, StatefulConsumer } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import type { Channel, Message, Receipt } from './channel.js';
import { createDeliveryGate, type DeliveryGate } from './delivery-gate.js';
import { createMessageLinks, type LinksOf, type MessageLinks } from './message-links.js';
import { deliveryContentFrom } from './delivery-content.js';
import { createDeliveryMetrics } from './delivery-metrics.js';
import { loadTemplates } from './load-templates.js';
import { createOutbox } from './outbox.store.js';
import type { Template } from './template.js';

/** Sends what is requested, each delivery id once, and records what became of it, also as a touchpoint of the person. */
export async function deliverConsumer(
  platform: Pick<Platform, 'config' | 'eventLog' | 'codec' | 'vault' | 'metrics' | 'clock'>,
): Promise<StatefulConsumer> {
  const [templates, gate, linksOf] = await Promise.all([
    loadTemplates(platform.config),
    createDeliveryGate(platform),
    createMessageLinks(platform),
  ]);
  return deliverConsumerOf({ templates, gate, linksOf, channel: createOutbox(platform.vault) }, platform);
}

/** What sending is made of. */
export interface DeliveryParts {
  readonly templates: ReadonlyMap<string, Template>;
  readonly gate: DeliveryGate;
  readonly linksOf: LinksOf;
  readonly channel: Channel;
}

export function deliverConsumerOf(
  { channel, gate, ...making }: DeliveryParts,
  { vault, metrics }: Pick<Platform, 'vault' | 'metrics'>,
): StatefulConsumer {
  const count = createDeliveryMetrics(metrics);
  return {
    name: 'deliver',
    topics: ['delivery-requests'],
    handle: async (batch, tx) => {
      const requested = batch.flatMap(requestOf);
      if (requested.length === 0) return {};
      const messages = await withheldBy(gate, await makeMessages(requested, making, vault), tx);
      const receipts = await channel.send(messages, tx);
      count(receipts);
      const touchpoints = await makeTouchpoints(receipts, vault);
      const outputs: Output[] = [];
      const outcomes = new Map<LogRecord, Outcome>();
      requested.forEach(({ record }, i) => {
        const receipt = receipts[i];
        if (receipt === undefined) throw new Error('a channel gave fewer receipts than it was given messages');
        if (receipt.status === 'already-sent') outcomes.set(record, { kind: 'skipped', reason: 'already-sent' });
        else outputs.push(...outputsOf(receipt, receipt.status, touchpoints.get(receipt), record));
      });
      return { outputs, outcomes };
    },
  };
}

interface Requested {
  readonly record: LogRecord;
  readonly request: DeliveryRequested;
}

function requestOf({ record, event }: InputRecord): readonly Requested[] {
  return event.name === 'delivery-requested' ? [{ record, request: event.value }] : [];
}

async function makeMessages(
  requested: readonly Requested[],
  { templates, linksOf }: Pick<DeliveryParts, 'templates' | 'linksOf'>,
  vault: Platform['vault'],
): Promise<readonly Message[]> {
  const opened = await vault.open(
    requested.map(({ request: { workspaceId, subjectId, keyId, deliveryId, content } }) => ({
      workspaceId,
      subjectId,
      keyId,
      boundTo: deliveryId,
      bytes: content,
    })),
  );
  const links = await Promise.all(requested.map(({ request }) => linksOf(request)));
  return requested.map(({ record, request }, i) => ({
    request,
    sentAt: record.appendedAt,
    content: makeContent(request, opened[i], templates.get(request.templateId), links[i]),
  }));
}

/** What became of a ready message when it was looked at a last time. */
async function withheldBy(
  gate: DeliveryGate,
  messages: readonly Message[],
  tx: PoolClient,
): Promise<readonly Message[]> {
  const ready = messages.flatMap((message) =>
    'to' in message.content ? [{ message, request: message.request, to: message.content.to }] : [],
  );
  const reasons = await gate(ready, tx);
  const withheld = new Map(ready.map(({ message }, i) => [message, reasons[i]]));
  return messages.map((message) => {
    const reason = withheld.get(message);
    return reason === undefined ? message : { ...message, content: { withheld: reason } };
  });
}

function makeContent(
  request: DeliveryRequested,
  plaintext: Buffer | undefined,
  template: Template | undefined,
  links: MessageLinks = { variables: {}, headers: {} },
): Message['content'] {
  if (plaintext === undefined) return { failed: 'erased' };
  const content = deliveryContentFrom(plaintext);
  if (content === undefined) return { failed: 'unreadable-content' };
  if (template === undefined) return { failed: 'template-missing' };
  if (template.channel !== request.channel) return { failed: 'wrong-channel' };
  try {
    const rendered = template.render({ ...content.variables, ...links.variables });
    return { to: content.to, ...rendered, headers: links.headers };
  } catch {
    // What Liquid says may quote a variable, so it goes nowhere.
    return { failed: 'render-failed' };
  }
}

/** A message that left is an interaction with the person like any other. */
async function makeTouchpoints(
  receipts: readonly Receipt[],
  vault: Platform['vault'],
): Promise<ReadonlyMap<Receipt, Touchpoint>> {
  const sent = receipts.filter(({ status }) => status === 'sent');
  if (sent.length === 0) return new Map();
  const sealed = await vault.seal(
    sent.map(({ message: { request } }) => ({
      workspaceId: request.workspaceId,
      subjectId: request.subjectId,
      boundTo: messageIdOf(request),
      plaintext: Buffer.from(JSON.stringify(touchpointContent(request))),
    })),
  );
  return new Map(
    sent.flatMap((receipt, i) => {
      const bytes = sealed[i];
      return bytes === undefined ? [] : [[receipt, messageSent(receipt.message, bytes.keyId, bytes.bytes)] as const];
    }),
  );
}

function messageIdOf({ deliveryId }: DeliveryRequested): string {
  return deriveId('message-sent', deliveryId);
}

function touchpointContent({
  profileId,
  deliveryId,
  channel,
  templateId,
  journeyId,
  instanceId,
  stepId,
}: DeliveryRequested) {
  return {
    profileId,
    properties: {
      delivery_id: deliveryId,
      channel,
      template_id: templateId,
      journey_id: journeyId,
      instance_id: instanceId,
      step_id: stepId,
    },
  };
}

function messageSent({ request, sentAt }: Message, keyId: string, content: Uint8Array): Touchpoint {
  return {
    workspaceId: request.workspaceId,
    sourceId: 'deliver',
    messageId: messageIdOf(request),
    type: 'track',
    event: 'Message Sent',
    subjectId: request.subjectId,
    keyId,
    timestamp: sentAt,
    originalTimestamp: null,
    sentAt: null,
    receivedAt: sentAt,
    flags: [],
    imported: false,
    content,
  };
}

function outputsOf(
  { message: { request, sentAt: timestamp }, reason }: Receipt,
  status: 'sent' | 'failed' | 'withheld',
  touchpoint: Touchpoint | undefined,
  causedBy: LogRecord,
): readonly Output[] {
  const { workspaceId, profileId, deliveryId, channel, journeyId, instanceId, stepId } = request;
  const about = { deliveryId, channel, journeyId, instanceId, stepId };
  const recorded: Output = {
    topic: 'deliveries',
    name: 'delivery-recorded',
    key: profileId,
    value: { workspaceId, profileId, ...about, status, reason, timestamp },
    causedBy,
  };
  if (touchpoint === undefined) return [recorded];
  return [
    recorded,
    { topic: 'touchpoints', name: 'touchpoint', key: touchpoint.subjectId, value: touchpoint, causedBy },
  ];
}
