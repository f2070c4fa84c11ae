import type { JsonObject, OpenedTouchpoint } from '@rapport/events';
import { amountOf, currencyOf, greaterOf, sumOf } from './money.js';
import { latest, newestOf, stampOf, type Stamped } from './stamp.js';

const orderEvents: ReadonlySet<string> = new Set(['Order Completed', 'Order Refunded']);

/** `amount` is exact decimal text; `null` where the touchpoint gave none. `currency` is `null` for the workspace's own. */
export interface OrderFact extends Stamped {
  readonly amount: string | null;
  readonly currency: string | null;
}

/** What is known of one order of one person: its latest completion, and every refund, newest first. */
export interface OrderState {
  readonly completed: OrderFact | null;
  readonly refunds: readonly OrderFact[];
}

export const noOrder: OrderState = { completed: null, refunds: [] };

export interface OrderOfTouchpoint {
  readonly orderId: string;
  readonly state: OrderState;
}

/** The order that a touchpoint tells of, if any. One without an id is one of its own. */
export function orderIdOf({ type, event, content, messageId }: OpenedTouchpoint): string | undefined {
  if (type !== 'track' || event === null || !orderEvents.has(event) || !content) return undefined;
  return idIn(content.properties ?? {}) ?? messageId;
}

/** Segment's `total` counts, else `revenue`, else `value`. */
export function orderOf(touchpoint: OpenedTouchpoint): OrderOfTouchpoint | undefined {
  const { event, content } = touchpoint;
  const orderId = orderIdOf(touchpoint);
  if (orderId === undefined) return undefined;
  const properties = content?.properties ?? {};
  const fact: OrderFact = {
    at: stampOf(touchpoint),
    amount: amountIn(properties) ?? null,
    currency: currencyOf(properties['currency']) ?? null,
  };
  return {
    orderId,
    state: event === 'Order Completed' ? { completed: fact, refunds: [] } : { completed: null, refunds: [fact] },
  };
}

/** Commutative, associative and idempotent. */
export function mergeOrders(a: OrderState, b: OrderState): OrderState {
  const completed = b.completed === null ? a.completed : latest(a.completed ?? undefined, b.completed);
  return { completed, refunds: newestOf(a.refunds, b.refunds, Infinity) };
}

export interface OrderFigures {
  readonly isCompleted: boolean;
  readonly currency: string;
  /** Exact decimal text. */
  readonly amount: string;
  /** What was given back, in the order's currency; a refund in another one cannot be set off and is left out. */
  readonly refunded: string;
}

/** A refund without amount gives the whole order back. */
export function figuresOf({ completed, refunds }: OrderState, workspaceCurrency: string): OrderFigures {
  const currency = completed?.currency ?? refunds.find((refund) => refund.currency)?.currency ?? workspaceCurrency;
  const amount = completed?.amount ?? '0';
  const same = refunds.filter((refund) => (refund.currency ?? currency) === currency);
  const partly = sumOf(same.map((refund) => refund.amount ?? '0'));
  const isWhole = same.some((refund) => refund.amount === null);
  const refunded = isWhole ? greaterOf(partly, amount) : partly;
  return { isCompleted: completed !== null, currency, amount, refunded };
}

function amountIn(properties: JsonObject): string | undefined {
  for (const name of ['total', 'revenue', 'value']) {
    const amount = amountOf(properties[name]);
    if (amount !== undefined) return amount;
  }
  return undefined;
}

function idIn(properties: JsonObject): string | undefined {
  const id = properties['order_id'] ?? properties['orderId'];
  if (typeof id === 'number' && Number.isFinite(id)) return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
