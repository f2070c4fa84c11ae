import type { OpenedTouchpoint } from '@rapport/events';
import { figuresOf, mergeOrders, noOrder, orderOf, type OrderState } from '@rapport/profile';
import { Decimal } from 'decimal.js';
import { maxPurchases, type PurchaseRow, type RevenueRow } from '../profiles/profile.store.js';

export interface OrdersAt {
  readonly revenue: readonly RevenueRow[];
  /** Newest first. */
  readonly purchases: readonly PurchaseRow[];
}

/** Orders and revenue as the touchpoints tell them, in the form of the tables of the profile. */
export function ordersAt(touchpoints: readonly OpenedTouchpoint[], workspaceCurrency: string): OrdersAt {
  const orders = new Map<string, OrderState>();
  for (const touchpoint of touchpoints) {
    const order = orderOf(touchpoint);
    if (order) orders.set(order.orderId, mergeOrders(orders.get(order.orderId) ?? noOrder, order.state));
  }
  const rows = [...orders].map(([order_id, state]) => {
    const { currency, amount, refunded } = figuresOf(state, workspaceCurrency);
    return { order_id, currency, amount, refunded, ordered_at: state.completed && new Date(state.completed.at[0]) };
  });
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort();
  const completed = rows.flatMap(({ ordered_at: at, ...row }) => (at === null ? [] : [{ ...row, ordered_at: at }]));
  return {
    revenue: currencies.map((currency) =>
      revenueOf(
        currency,
        rows.filter((row) => row.currency === currency),
      ),
    ),
    purchases: completed
      .sort((a, b) => b.ordered_at.getTime() - a.ordered_at.getTime() || (a.order_id < b.order_id ? -1 : 1))
      .slice(0, maxPurchases),
  };
}

function revenueOf(
  currency: string,
  rows: readonly { readonly amount: string; readonly refunded: string; readonly ordered_at: Date | null }[],
): RevenueRow {
  const sum = (values: readonly string[]): Decimal => values.reduce((total, each) => total.plus(each), new Decimal(0));
  const gross = sum(rows.map(({ amount }) => amount));
  const refunded = sum(rows.map((row) => row.refunded));
  const times = rows
    .flatMap(({ ordered_at: at }) => (at === null ? [] : [at]))
    .sort((a, b) => a.getTime() - b.getTime());
  return {
    currency,
    orders: times.length,
    gross_revenue: gross.toFixed(),
    refunded: refunded.toFixed(),
    revenue: gross.minus(refunded).toFixed(),
    average_order: times.length === 0 ? null : gross.div(times.length).toFixed(4),
    first_order_at: times[0] ?? null,
    last_order_at: times.at(-1) ?? null,
  };
}
