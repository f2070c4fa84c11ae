import type { JsonObject } from '@rapport/events';
import { erased, startAnalytics, touchpoint, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const mug = { product_id: 'mug', quantity: 2, price: 20, cost: 5 };
const tea = { product_id: 'tea', quantity: 1, price: 10 };
const order = (
  person: string,
  at: string,
  id: string,
  total: number,
  products: JsonObject[],
  properties: JsonObject = {},
) => track(person, at, 'Order Completed', { order_id: id, total, products, ...properties });
const refund = (person: string, at: string, id: string, total?: number) =>
  track(person, at, 'Order Refunded', { order_id: id, ...(total !== undefined && { total }) });
const declared = (rows: readonly JsonObject[]) =>
  analytics.insert(
    'loaded_costs',
    rows.map((row) => ({
      ...{ workspace_id: 'default', kind: 'product', valid_to: '2299-12-31', currency: 'EUR' },
      ...row,
      loaded_at: '2024-06-01 00:00:00.000',
    })),
  );

const margins = () => analytics.rows('SELECT order_id, cost, margin FROM order_margins ORDER BY 1');
const moves = () =>
  analytics.rows('SELECT order_id, kind, toString(day), amount, margin FROM margin_moves ORDER BY 1, 2, 3');
const cohorts = (columns: string, by = 'first-purchase') =>
  analytics.rows(
    `SELECT toString(cohort_start), age, ${columns} FROM cohort_margin(workspace = 'default', by = '${by}', period = 'month', ages = 12, single_purchases = 1)`,
  );

describe('margins', () => {
  it('are none while nothing is sold', async () => {
    for (const view of ['order_margins', 'margin_moves'])
      expect(await analytics.rows(`SELECT * FROM ${view}`)).toEqual([]);
    expect(await cohorts('margin')).toEqual([]);
  });

  it('are what is paid less cost, tax and shipping, where every line has a cost: its own, or the declared one of its day', async () => {
    await declared([
      { product_id: 'tea', valid_from: '2024-01-01', amount: 4 },
      { product_id: 'tea', valid_from: '2024-02-01', amount: 6 },
      { product_id: 'usd', valid_from: '2024-01-01', amount: 1, currency: 'USD' },
    ]);
    await analytics.touchpoints([
      // 50 - 2 * 5 - 1 * 4 = 36; a month later tea costs 6.
      order('ann', '2024-01-31T22:00:00Z', '1', 50, [mug, tea]),
      order('ann', '2024-02-01T10:00:00Z', '2', 50, [mug, tea], { currency: 'EUR' }),
      // 60 - 10 - 6 - 4 = 40
      order('ann', '2024-02-02T10:00:00Z', '3', 60, [mug], { tax: 6, shipping: 4 }),
      // Nobody knows what these cost: one line of two, in another currency, before the first day, without lines.
      order('ann', '2024-02-03T10:00:00Z', '4', 50, [mug, { product_id: 'x', quantity: 1, price: 10 }]),
      order('ann', '2024-02-03T11:00:00Z', '5', 10, [{ product_id: 'usd', quantity: 1, price: 10 }]),
      order('ann', '2023-12-03T11:00:00Z', '6', 10, [tea]),
      order('ann', '2024-02-03T12:00:00Z', '7', 10, []),
    ]);
    expect(await margins()).toEqual([
      ['1', '14', '36'],
      ['2', '16', '34'],
      ['3', '10', '40'],
      ...['4', '5', '6', '7'].map((id) => [id, null, null]),
    ]);
  });

  it('are converted like the money, and given back with it', async () => {
    await analytics.insert('loaded_exchange_rates', [
      {
        workspace_id: 'default',
        currency: 'USD',
        valid_from: '2024-01-01',
        to_currency: 'EUR',
        rate: 0.5,
        loaded_at: '2024-06-01 00:00:00.000',
      },
    ]);
    await analytics.touchpoints([
      // 40 paid, 10 of cost: 30. A quarter of the money is given back, and with it a quarter of the margin.
      order('ann', '2024-01-05T10:00:00Z', '1', 40, [mug]),
      refund('ann', '2024-02-05T10:00:00Z', '1', 10),
      // 40 USD are 20, their margin of 30 USD is 15; all of it is given back.
      order('bob', '2024-01-05T10:00:00Z', '2', 40, [mug], { currency: 'USD' }),
      refund('bob', '2024-01-06T10:00:00Z', '2'),
      // Given away: nothing paid, 10 of cost.
      order('cid', '2024-01-05T10:00:00Z', '3', 0, [mug]),
      // No rate: kept apart.
      order('cid', '2024-01-05T10:00:00Z', '4', 40, [mug], { currency: 'GBP' }),
    ]);
    expect(await moves()).toEqual([
      ['1', 'order', '2024-01-05', '40', '30'],
      ['1', 'refund', '2024-02-05', '-10', '-7.5'],
      ['2', 'order', '2024-01-05', '20', '15'],
      ['2', 'refund', '2024-01-06', '-20', '-15'],
      ['3', 'order', '2024-01-05', '0', '-10'],
    ]);
    expect(
      await cohorts('customers, revenue, margin, cumulative_revenue, cumulative_margin, margin_per_customer'),
    ).toEqual([
      // 40 + 0 of three customers; 30 + 15 - 15 - 10 = 20.
      ['2024-01-01', 0, 3, '40', '20', '40', '20', '6.6666'],
      // In February 10 are given back, and 7.50 of margin with them.
      ['2024-01-01', 1, 3, '-10', '-7.5', '30', '12.5', '4.1666'],
    ]);
  });

  it('of cohorts say of how many orders the cost is known', async () => {
    await analytics.touchpoints([
      order('ann', '2024-01-05T10:00:00Z', '1', 40, [mug]),
      order('ann', '2024-03-05T10:00:00Z', '2', 10, [tea]),
      order('bob', '2024-01-06T10:00:00Z', '3', 80, [mug]),
      // Came in January, and never bought.
      touchpoint('eve', '2024-01-07T10:00:00Z', { type: 'identify', traits: { plan: 'free' } }),
    ]);
    expect(
      await cohorts('revenue, margin, cumulative_margin, margin_per_customer, orders, orders_with_cost, cost_coverage'),
    ).toEqual([
      ['2024-01-01', 0, '120', '100', '100', '50', 2, 2, 1],
      ['2024-01-01', 1, '0', '0', '100', '50', 2, 2, 1],
      ['2024-01-01', 2, '10', '0', '100', '50', 3, 2, 2 / 3],
    ]);
    // Three signed up or came; two are customers: 100 / 2, and 100 / 3 of everybody acquired.
    expect((await cohorts('acquired, customers, margin_per_customer, margin_per_acquired', 'sign-up'))[0]).toEqual([
      '2024-01-01',
      0,
      3,
      2,
      '50',
      '33.3333',
    ]);
  });

  it("follow late orders, corrections, merges, the workspace's days, and forget the erased", async () => {
    await analytics.workspace({ timeZone: 'America/New_York' });
    await analytics.touchpoints([
      // 23:30 on 9 March in New York, half an hour before clocks go forward in the night.
      order('phone', '2024-03-10T04:30:00Z', '2', 40, [mug]),
      // Sent again with another price: 50 - 10.
      order('phone', '2024-03-10T04:31:00Z', '2', 50, [mug]),
      // Late: 20:30 on 31 January.
      order('ann', '2024-02-01T01:30:00Z', '1', 40, [mug]),
      erased(order('gone', '2024-01-01T10:00:00Z', '9', 40, [mug])),
    ]);
    await analytics.merge('ann', 'phone');
    expect(await moves()).toEqual([
      ['1', 'order', '2024-01-31', '40', '30'],
      ['2', 'order', '2024-03-09', '50', '40'],
    ]);
    expect(await cohorts('customers, margin, cumulative_margin')).toEqual([
      ['2024-01-01', 0, 1, '30', '30'],
      ['2024-01-01', 1, 1, '0', '30'],
      ['2024-01-01', 2, 1, '40', '70'],
    ]);
  });
});
