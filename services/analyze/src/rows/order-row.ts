import type { JsonObject, JsonValue, OpenedTouchpoint } from '@rapport/events';
import { json, money, objectIn, text, time, type Columns, type Row } from './columns.js';
import { campaignOf, countryOf, currencyOf, moneyOf, orderIdOf } from './touchpoint-row.js';

const kinds: Readonly<Record<string, string>> = { 'Order Completed': 'order', 'Order Refunded': 'refund' };

export const orderColumns: Columns = [
  ['workspace_id', 'text'],
  ['lone_profile_id', 'text'],
  ['kind', 'text'],
  ['order_id', 'text'],
  ['message_id', 'text'],
  ['source_id', 'text'],
  ['timestamp', 'time'],
  ['received_at', 'time'],
  ['imported', 'flag'],
  ['is_identified', 'flag'],
  ['total', 'optional-money'],
  ['currency', 'text'],
  ['discount', 'optional-money'],
  ['shipping', 'optional-money'],
  ['tax', 'optional-money'],
  ['coupon', 'text'],
  ['country', 'text'],
  ['campaign_name', 'text'],
  ['campaign_source', 'text'],
  ['campaign_medium', 'text'],
  ['`products.product_id`', 'texts'],
  ['`products.sku`', 'texts'],
  ['`products.name`', 'texts'],
  ['`products.category`', 'texts'],
  ['`products.brand`', 'texts'],
  ['`products.variant`', 'texts'],
  ['`products.coupon`', 'texts'],
  ['`products.quantity`', 'moneys'],
  ['`products.price`', 'optional-moneys'],
  ['`products.cost`', 'optional-moneys'],
  ['properties', 'text'],
  ['log_partition', 'uint32'],
  ['log_offset', 'uint64'],
];

/** An order or refund as a row of `recorded_orders`; undefined for every other touchpoint, and for one that was erased. */
export function orderRow(touchpoint: OpenedTouchpoint): Row | undefined {
  const { type, event, content } = touchpoint;
  const kind = type === 'track' && event !== null ? kinds[event] : undefined;
  if (kind === undefined || content === undefined) return undefined;
  const properties = objectIn(content.properties);
  const campaign = campaignOf(content);
  return [
    touchpoint.workspaceId,
    touchpoint.loneProfileId,
    kind,
    orderIdOf(properties) || touchpoint.messageId,
    touchpoint.messageId,
    touchpoint.sourceId,
    time(touchpoint.timestamp),
    time(touchpoint.receivedAt),
    touchpoint.imported,
    content.userId !== undefined,
    moneyOf(properties),
    currencyOf(properties),
    money(properties['discount']),
    money(properties['shipping']),
    money(properties['tax']),
    text(properties['coupon']),
    countryOf(content),
    text(campaign['name']),
    text(campaign['source']),
    text(campaign['medium']),
    ...lineCells(properties['products']),
    json(content.properties),
    touchpoint.logPartition,
    touchpoint.logOffset,
  ];
}

/** The columns of the lines, side by side. */
function lineCells(products: JsonValue | undefined): Row {
  const lines: readonly JsonObject[] = Array.isArray(products) ? (products as readonly JsonValue[]).map(objectIn) : [];
  const texts = (...names: readonly string[]): readonly string[] =>
    lines.map((line) => text(names.map((name) => line[name]).find((value) => text(value) !== '')));
  const moneys = (name: string) => lines.map((line) => money(line[name]));
  return [
    texts('product_id', 'productId', 'id', 'sku'),
    texts('sku'),
    texts('name'),
    texts('category'),
    texts('brand'),
    texts('variant'),
    texts('coupon'),
    // A line that names no quantity is of one.
    moneys('quantity').map((quantity) => quantity ?? 10_000),
    moneys('price'),
    moneys('cost'),
  ];
}
