import { deriveId, type JsonObject, type JsonValue } from '@rapport/events';

/** Money a person spent, or got back, as the Segment e-commerce specification says it. */
export interface Purchase {
  readonly kind: 'order' | 'refund';
  /** The order's id: a second order of the same id corrects the first. A refund's is that of its message: each counts. */
  readonly purchaseId: string;
  /** The order's id, also of a refund; the message's where there is none. */
  readonly orderId: string;
  /** Decimal text, never a binary fraction. `null` where none was given: an order of nothing, a refund of the whole order. */
  readonly amount: string | null;
  /** ISO 4217, upper case; empty when the sender gave none. */
  readonly currency: string;
}

const kinds: Readonly<Record<string, Purchase['kind']>> = { 'Order Completed': 'order', 'Order Refunded': 'refund' };
const plainDecimal = /^-?\d{1,14}(\.\d{1,20})?$/;
/** Longer order ids stand as an id derived from them: they key an index, whose entries are bounded. */
const longestOrderId = 200;

/** Whether a track event tells of a purchase; the envelope alone says so. */
export function isPurchase(event: string | null): event is string {
  return event !== null && Object.hasOwn(kinds, event);
}

/** The purchase of a touchpoint: `total` counts, else `revenue`, else `value`. An order without an amount still counts. */
export function purchaseFrom(
  event: string,
  properties: JsonObject | undefined,
  messageId: string,
): Purchase | undefined {
  const kind = Object.hasOwn(kinds, event) ? kinds[event] : undefined;
  if (kind === undefined) return undefined;
  const { total, revenue, value, order_id: snakeId, orderId: camelId, currency } = properties ?? {};
  const amount = [total, revenue, value].map(decimalOf).find((candidate) => candidate !== undefined) ?? null;
  const orderId = textOf(snakeId ?? camelId) ?? messageId;
  return {
    kind,
    purchaseId: kind === 'order' ? orderId : messageId,
    orderId,
    amount,
    currency: typeof currency === 'string' && /^[a-z]{3}$/i.test(currency) ? currency.toUpperCase() : '',
  };
}

function decimalOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).trim();
  return plainDecimal.test(text) ? text : undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if ((typeof value !== 'string' || value === '') && typeof value !== 'number') return undefined;
  const text = String(value);
  return text.length <= longestOrderId ? text : deriveId('order', text);
}
