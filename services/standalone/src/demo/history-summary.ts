import { Decimal } from 'decimal.js';
import { type ShopHistory } from './history.js';

/** What a history holds, counted from its messages alone: what the figures read back can be compared with. */
export interface HistorySummary {
  readonly touchpoints: number;
  readonly people: number;
  readonly buyers: number;
  readonly orders: number;
  readonly refunds: number;
  readonly currency: string;
  /** Exact decimals as text. */
  readonly grossRevenue: string;
  readonly refunded: string;
  /** ISO 8601; undefined for an empty history. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

export function summarize(history: ShopHistory): HistorySummary {
  const people = new Set<string>();
  const buyers = new Set<string>();
  const sums = { 'Order Completed': new Decimal(0), 'Order Refunded': new Decimal(0) };
  const counts = { 'Order Completed': 0, 'Order Refunded': 0 };
  for (const { person, message } of history.touchpoints) {
    people.add(person);
    if (message.event === 'Order Completed') buyers.add(person);
    if (message.event !== 'Order Completed' && message.event !== 'Order Refunded') continue;
    counts[message.event]++;
    sums[message.event] = sums[message.event].plus(Number(message.properties?.['total'] ?? 0));
  }
  return {
    touchpoints: history.touchpoints.length,
    people: people.size,
    buyers: buyers.size,
    orders: counts['Order Completed'],
    refunds: counts['Order Refunded'],
    currency: history.currency,
    grossRevenue: sums['Order Completed'].toString(),
    refunded: sums['Order Refunded'].toString(),
    first: history.touchpoints.at(0)?.message.timestamp,
    last: history.touchpoints.at(-1)?.message.timestamp,
  };
}

export function summaryText(history: ShopHistory, summary: HistorySummary): string {
  const { touchpoints, people, buyers, orders, refunds, currency, grossRevenue, refunded } = summary;
  const number = (value: number) => value.toLocaleString('en');
  const money = (amount: string) => new Decimal(amount).toNumber().toLocaleString('en', { maximumFractionDigits: 0 });
  return [
    `This is ${history.title}: ${summary.first?.slice(0, 10)} to ${summary.last?.slice(0, 10)}.`,
    `${number(touchpoints)} touchpoints of ${number(people)} people; ${number(buyers)} of them bought: ` +
      `${number(orders)} orders worth ${money(grossRevenue)} ${currency}, ${number(refunds)} refunds worth ${money(refunded)}.`,
    ...history.notes.map((note) => `- ${note}`),
  ].join('\n');
}
