import type { JsonObject, OpenedTouchpoint, TouchpointContent } from '@rapport/events';
import { json, money, objectIn, optionalTime, text, time, type Columns, type Row } from './columns.js';

export const touchpointColumns: Columns = [
  ['workspace_id', 'text'],
  ['profile_id', 'text'],
  ['lone_profile_id', 'text'],
  ['message_id', 'text'],
  ['source_id', 'text'],
  ['type', 'text'],
  ['event', 'text'],
  ['timestamp', 'time'],
  ['original_timestamp', 'optional-time'],
  ['sent_at', 'optional-time'],
  ['received_at', 'time'],
  ['flags', 'texts'],
  ['imported', 'flag'],
  ['erased', 'flag'],
  ['is_identified', 'flag'],
  ['name', 'text'],
  ['category', 'text'],
  ['group_id', 'text'],
  ['order_id', 'text'],
  ['total', 'optional-money'],
  ['currency', 'text'],
  ['page_url', 'text'],
  ['page_path', 'text'],
  ['page_referrer', 'text'],
  ['campaign_name', 'text'],
  ['campaign_source', 'text'],
  ['campaign_medium', 'text'],
  ['campaign_term', 'text'],
  ['campaign_content', 'text'],
  ['country', 'text'],
  ['locale', 'text'],
  ['properties', 'text'],
  ['traits', 'text'],
  ['context', 'text'],
  ['log_partition', 'uint32'],
  ['log_offset', 'uint64'],
];

/** A touchpoint as a row of `recorded_touchpoints`, in the order of `touchpointColumns`. */
export function touchpointRow(touchpoint: OpenedTouchpoint): Row {
  const content = touchpoint.content ?? {};
  const properties = objectIn(content.properties);
  const context = objectIn(content.context);
  const page = objectIn(context['page']);
  const campaign = campaignOf(content);
  return [
    touchpoint.workspaceId,
    touchpoint.profileId,
    touchpoint.loneProfileId,
    touchpoint.messageId,
    touchpoint.sourceId,
    touchpoint.type,
    // What an erased person did is in no count of events: only that there was a touchpoint remains.
    touchpoint.content === undefined ? '' : (touchpoint.event ?? ''),
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
    orderIdOf(properties),
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
    countryOf(content),
    text(context['locale']),
    json(content.properties),
    json(content.traits),
    json(content.context),
    touchpoint.logPartition,
    touchpoint.logOffset,
  ];
}

/** The Segment e-commerce events name money in one of three places; the most inclusive one counts. */
export function moneyOf(properties: JsonObject): number | bigint | null {
  for (const name of ['total', 'revenue', 'value']) {
    const amount = money(properties[name]);
    if (amount !== null) return amount;
  }
  return null;
}

export function currencyOf(properties: JsonObject): string {
  const currency = text(properties['currency']).trim().toUpperCase();
  return /^[A-Z]{3}$/.test(currency) ? currency : '';
}

export function orderIdOf(properties: JsonObject): string {
  return text(properties['order_id'] ?? properties['orderId']);
}

export function campaignOf({ context }: TouchpointContent): JsonObject {
  return objectIn(objectIn(context)['campaign']);
}

export function countryOf({ context, traits, properties }: TouchpointContent): string {
  const { country } = objectIn(objectIn(context)['location']);
  return text(country ?? objectIn(traits)['country'] ?? objectIn(properties)['country']);
}
