import type { Analytics } from './testing/analytics.js';
import { startShopInBerlin } from './testing/shop-in-berlin.js';

describe('the views of customers and their money', () => {
  let analytics: Analytics;
  const rows = (query: string): Promise<unknown[][]> => analytics.rows(query);

  beforeAll(async () => {
    analytics = await startShopInBerlin();
  });
  afterAll(() => analytics.stop());

  it('show each order once, on its day in the workspace, and its lines with their cost', async () => {
    expect(
      await rows(
        `SELECT order_id, profile_id, toString(ordered_on), total, currency FROM orders WHERE workspace_id = 'default' ORDER BY 1`,
      ),
    ).toEqual([
      ['o1', 'ann', '2024-01-05', '100', ''],
      ['o2', 'ann', '2024-03-31', '20', 'USD'],
      ['o3', 'bob', '2024-02-01', '50', ''],
      ['o4', 'guest', '2024-01-20', '7', ''],
    ]);
    expect(
      await rows(
        `SELECT line_number, product_id, quantity, amount, cost FROM order_lines WHERE order_id = 'o1' ORDER BY 1`,
      ),
    ).toEqual([
      [1, 'p1', '2', '60', '20'],
      [2, 'p2', '1', '40', '15'],
    ]);
    expect(
      await rows(`SELECT order_id, margin FROM order_margins WHERE workspace_id = 'default' AND margin IS NOT NULL`),
    ).toEqual([['o1', '65']]);
  });

  it('convert what has a rate on its day and never add up the rest', async () => {
    expect(await rows(`SELECT * FROM ltv_by_cohort_monthly`)).toEqual([
      ['2024-01-01', 0, 1, '100', '100', '100'],
      ['2024-01-01', 1, 1, '0', '100', '100'],
      ['2024-01-01', 2, 1, '10', '110', '110'],
      ['2024-02-01', 0, 1, '30', '30', '30'],
      ['2024-02-01', 1, 1, '0', '30', '30'],
    ]);
  });

  it('tell customers from guests, and what brought and bound them', async () => {
    expect(
      await rows(
        `SELECT profile_id, toString(first_order_on), order_count, first_product, first_offer, source, net_revenue FROM customers WHERE workspace_id = 'default' ORDER BY 1`,
      ),
    ).toEqual([
      ['ann', '2024-01-05', 2, 'p1', 'WELCOME', 'google', '110'],
      ['bob', '2024-02-01', 1, '', '', '(direct)', '30'],
    ]);
    expect(
      await rows(
        `SELECT customers, repeat_by_order, rate_by_order, rate_by_day FROM repeat_purchases WHERE workspace_id = 'default'`,
      ),
    ).toEqual([[2, 1, 0.5, 0.5]]);
  });

  const retention = (form: string, period = 'month', singles = 1, by = 'first-purchase'): Promise<unknown[][]> =>
    rows(
      `SELECT toString(cohort_start), age, people, eligible, active FROM retention(workspace = 'default', by = '${by}', period = '${period}', form = '${form}', event = 'Order Completed', ages = 12, single_purchases = ${singles}) ORDER BY 1, 2`,
    );

  it('count who comes back: in the period, in it or later, and by whole periods of each person', async () => {
    expect(await retention('bounded')).toEqual([
      ['2024-01-01', 0, 1, 1, 1],
      ['2024-01-01', 1, 1, 1, 0],
      ['2024-01-01', 2, 1, 1, 1],
      ['2024-02-01', 0, 1, 1, 1],
      ['2024-02-01', 1, 1, 1, 0],
    ]);
    expect((await retention('rolling')).map((row) => row[4])).toEqual([1, 1, 1, 1, 0]);
    // 86 days later is in the third month of thirty days.
    expect((await retention('n-day')).map((row) => [row[1], row[4]])).toEqual([
      [0, 1],
      [1, 0],
      [2, 1],
      [0, 1],
      [1, 0],
    ]);
    expect((await retention('bounded', 'quarter')).map((row) => row.slice(0, 2))).toEqual([['2024-01-01', 0]]);
    expect(await retention('bounded', 'month', 0)).toHaveLength(3);
    expect((await retention('bounded', 'month', 1, 'source')).map((row) => row[2])).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('value cohorts by age, per customer and per person acquired, gross and net', async () => {
    expect(
      await rows(
        `SELECT cohort, age, acquired, customers, revenue, cumulative_revenue, round(gross_revenue_retention, 2), round(net_revenue_retention, 2) FROM cohort_value(workspace = 'default', by = 'source', period = 'quarter', ages = 4, single_purchases = 1) WHERE cohort = 'google'`,
      ),
    ).toEqual([['google', 0, 1, 1, '110', '110', 1, 1]]);
    expect(
      await rows(
        `SELECT source, customers, ltv_per_customer, acquisition_cost, cac, ltv_to_cac, payback_days FROM ltv_by_source(workspace = 'default', score = '') WHERE source = 'google'`,
      ),
    ).toEqual([['google', 1, '110', '55', '55', 2, 0]]);
  });

  it('follow who waits for the next purchase, and censor who has not come yet', async () => {
    expect(
      await rows(
        `SELECT days, at_risk, purchased, censored, waiting FROM repurchase_survival(workspace = 'default', after_purchase = 0, single_purchases = 1)`,
      ),
    ).toEqual([
      [0, 3, 0, 1, 1],
      [59, 2, 0, 1, 1],
      [86, 1, 1, 0, 0],
    ]);
  });

  it('tell subscriptions kept, lost against their will, and payments recovered', async () => {
    expect(
      await rows(
        'SELECT subscription_id, profile_id, status, monthly_amount, is_voluntary FROM subscriptions ORDER BY 1',
      ),
    ).toEqual([
      ['s1', 'ann', 'active', '10', null],
      ['s2', 'bob', 'cancelled', '20', false],
    ]);
    expect(
      await rows(
        'SELECT toString(month), active_at_start, started, churned_voluntary, churned_involuntary, mrr_at_start, mrr_churned, mrr_at_end, logo_churn_rate, recovered_payments, renewal_rate FROM subscription_churn_monthly ORDER BY month',
      ),
    ).toEqual([
      ['2024-01-01', 0, 2, 0, 0, '0', '0', '30', 0, 0, 0],
      ['2024-02-01', 2, 0, 0, 1, '30', '20', '10', 0.5, 1, 0.5],
      ['2024-03-01', 1, 0, 0, 0, '10', '0', '10', 0, 0, 1],
    ]);
    expect(await rows('SELECT reason, is_voluntary, cancellations FROM churn_reasons')).toEqual([
      ['card expired', false, 1],
    ]);
  });
});
