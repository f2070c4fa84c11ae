import type { JsonObject, OpenedTouchpoint } from '@rapport/events';
import { json, money, objectIn, optionalTime, text, time, type Row } from './columns.js';

export const touchpointColumns = [
  'workspace_id',
  'profile_id',
  'message_id',
  'source_id',
  'type',
  'event',
  'timestamp',
  'original_timestamp',
  'sent_at',
  'received_at',
  'flags',
  'imported',
  'erased',
  'is_identified',
  'name',
  'category',
  'group_id',
  'order_id',
  'total',
  'currency',
  'page_url',
  'page_path',
  'page_referrer',
  'campaign_name',
  'campaign_source',
  'campaign_medium',
  'campaign_term',
  'campaign_content',
  'country',
  'locale',
  'properties',
  'traits',
  'context',
  'log_partition',
  'log_offset',
] as const;

/** A touchpoint as a row of `recorded_touchpoints`, in the order of `touchpointColumns`. */
export function touchpointRow(touchpoint: OpenedTouchpoint): Row {
  const content = touchpoint.content ?? {};
  const properties = objectIn(content.properties);
  const traits = objectIn(content.traits);
  const context = objectIn(content.context);
  const page = objectIn(context['page']);
  const campaign = objectIn(context['campaign']);
  return [
    touchpoint.workspaceId,
    touchpoint.profileId,
    touchpoint.messageId,
    touchpoint.sourceId,
    touchpoint.type,
    touchpoint.event ?? '',
    time(touchpoint.timestamp),
    optionalTime(touchpoint.originalTimestamp),
    optionalTime(touchpoint.sentAt),
    time(touchpoint.receivedAt),
    touchpoint.flags,
    touchpoint.imported,
    touchpoint.content === undefined,
    content.userId !== undefined,
    content.name ?? '',
    content.category ?? '',
    content.groupId ?? '',
    text(properties['order_id'] ?? properties['orderId']),
    moneyOf(properties),
    currencyOf(properties),
    text(page['url'] ?? properties['url']),
    text(page['path'] ?? properties['path']),
    text(page['referrer'] ?? properties['referrer']),
    text(campaign['name']),
    text(campaign['source']),
    text(campaign['medium']),
    text(campaign['term']),
    text(campaign['content']),
    text(objectIn(context['location'])['country'] ?? traits['country'] ?? properties['country']),
    text(context['locale']),
    json(content.properties),
    json(content.traits),
    json(content.context),
    touchpoint.logPartition,
    touchpoint.logOffset,
  ];
}

/** The Segment e-commerce events name money in one of three places; the most inclusive one counts. */
function moneyOf(properties: JsonObject): string | null {
  for (const name of ['total', 'revenue', 'value']) {
    const amount = money(properties[name]);
    if (amount !== null) return amount;
  }
  return null;
}

function currencyOf(properties: JsonObject): string {
  const currency = text(properties['currency']).trim().toUpperCase();
  return /^[A-Z]{3}$/.test(currency) ? currency : '';
}
