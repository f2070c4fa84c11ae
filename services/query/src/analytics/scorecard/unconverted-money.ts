import type { ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';
import { ask } from '../ask.js';

const questions = {
  others: loadSql(import.meta.url, 'other-currencies'),
  money: loadSql(import.meta.url, 'unconverted-money'),
};

export interface UnconvertedMoney {
  readonly currency: string;
  readonly orders: number;
  /** Of orders less refunds, as decimal text. */
  readonly amount: string;
}

/** What the figures in `currency` leave out, because no exchange rate converts it. `start` is the first day, `end` the day after the last. */
export async function readUnconvertedMoney(
  clickhouse: ClickHouseClient,
  asked: { readonly workspace: string; readonly currency: string; readonly start: string; readonly end: string },
): Promise<readonly UnconvertedMoney[]> {
  const [others] = await ask<{ orders: string }>(clickhouse, questions.others, asked);
  if (Number(others?.orders ?? 0) === 0) return [];
  const rows = await ask<{ currency: string; orders: string; amount: string }>(clickhouse, questions.money, asked);
  return rows.map(({ currency, orders, amount }) => ({ currency, orders: Number(orders), amount: String(amount) }));
}
