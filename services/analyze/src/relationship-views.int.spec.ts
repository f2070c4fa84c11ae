import type { JsonObject } from '@rapport/events';
import {
  identified,
  merged,
  order,
  refund,
  shop,
  startAnalytics,
  touchpoint,
  tracked,
  type Analytics,
} from './testing/analytics.js';

const whole = `from = '2024-01-01 00:00:00', to = '2025-01-01 00:00:00'`;
const campaign = { context: { campaign: { source: 'google', medium: 'cpc', name: 'spring' } } };
const lines: readonly JsonObject[] = [
  { product_id: 'p1', name: 'Tea', quantity: 2, price: 30, cost: 10 },
  { product_id: 'p2', name: 'Cup', price: '40', cost: 15 },
];

/**
 * Ann comes by a campaign, orders on 5 January (sent twice) and, after half past midnight on the day that summer time begins
 * in Berlin, in dollars. Bob orders as a guest on his phone on what is 1 February in Berlin, gets a part back, and is known later.
 * A guest stays a guest; an order of an erased person says nothing; another workspace is another shop.
 */
const history = [
  { ...touchpoint('ann', '2024-01-01T08:00:00Z', campaign), type: 'page' as const },
  tracked('Signed Up', 'ann', '2024-01-01T08:05:00Z'),
  identified('ann', '2024-01-01T08:06:00Z', { plan: 'free', city: 'Rome' }),
  identified('ann', '2024-02-01T08:06:00Z', { plan: 'pro', city: 'Rome' }),
  tracked('Product Viewed', 'ann', '2024-01-05T10:00:00Z'),
  tracked('Product Added', 'ann', '2024-01-05T10:10:00Z'),
  order('ann', '2024-01-05T10:20:00Z', { order_id: 'o1', total: 100, coupon: 'WELCOME', products: lines }),
  order('ann', '2024-01-05T10:20:00Z', { order_id: 'o1', total: 100, coupon: 'WELCOME', products: lines }),
  order('ann', '2024-03-30T23:30:00Z', { order_id: 'o2', total: 20, currency: 'USD' }),
  order('phone', '2024-01-31T23:30:00Z', { order_id: 'o3', total: 50 }, { userId: undefined }),
  identified('bob', '2024-02-05T10:00:00Z'),
  refund('phone', '2024-02-10T10:00:00Z', { order_id: 'o3', total: 20 }),
  tracked('Product Viewed', 'cid', '2024-03-01T10:00:00Z'),
  tracked('Payment Failed', 'cid', '2024-03-01T10:05:00Z'),
  tracked('Product Added', 'cid', '2024-03-01T10:07:00Z'),
  order('guest', '2024-01-20T10:00:00Z', { order_id: 'o4', total: 7 }, { userId: undefined }),
  { ...order('gone', '2024-01-20T10:00:00Z', { order_id: 'o5', total: 7 }), content: undefined },
  { ...order('far', '2024-01-20T10:00:00Z', { order_id: 'o1', total: 999 }), workspaceId: 'other' },
  tracked('Subscription Started', 'ann', '2024-01-10T10:00:00Z', {
    subscription_id: 's1',
    amount: 120,
    currency: 'EUR',
    interval: 'year',
  }),
  tracked('Subscription Started', 'bob', '2024-01-11T10:00:00Z', {
    subscription_id: 's2',
    amount: '20',
    currency: 'EUR',
  }),
  tracked('Subscription Payment Failed', 'ann', '2024-02-10T10:00:00Z', { subscription_id: 's1' }),
  tracked('Subscription Renewed', 'ann', '2024-02-12T10:00:00Z', { subscription_id: 's1' }),
  tracked('Subscription Cancelled', 'bob', '2024-02-20T10:00:00Z', { subscription_id: 's2', reason: 'card expired' }),
  tracked('Subscription Renewed', 'ann', '2024-03-12T10:00:00Z', { subscription_id: 's1' }),
  tracked('Support Ticket Opened', 'ann', '2024-01-02T10:00:00Z', { ticket_id: 't1', channel: 'chat' }),
  tracked('Support Ticket Solved', 'ann', '2024-01-02T11:00:00Z', { ticket_id: 't1' }),
  tracked('Support Ticket Opened', 'bob', '2024-01-03T10:00:00Z', { ticket_id: 't2' }),
  tracked('Onboarding Step Completed', 'ann', '2024-01-01T09:00:00Z', { step: 'profile' }),
  tracked('Referral Sent', 'ann', '2024-01-15T09:00:00Z', { referral_id: 'r1', channel: 'link' }),
  tracked('Referral Converted', 'bob', '2024-02-05T09:00:00Z', { referral_id: 'r1' }),
  tracked('Deal Created', 'ann', '2024-01-15T10:00:00Z', {
    deal_id: 'd1',
    amount: 500,
    currency: 'EUR',
    stage: 'open',
  }),
  tracked('Deal Won', 'ann', '2024-01-25T10:00:00Z', { deal_id: 'd1' }),
  {
    ...touchpoint('ann', '2024-01-03T10:00:00Z', { groupId: 'acme', traits: { name: 'Acme', employees: 12 } }),
    type: 'group' as const,
  },
];

describe('the views of the relationship', () => {
  let analytics: Analytics;
  const rows = (query: string): Promise<unknown[][]> => analytics.rows(query);

  beforeAll(async () => {
    analytics = await startAnalytics();
    await analytics.given({
      workspaces: [shop({ timeZone: 'Europe/Berlin' }), shop({ id: 'other' })],
      touchpoints: history,
      events: [merged(1, 'bob', ['phone'])],
    });
    await analytics.command(
      `INSERT INTO loaded_exchange_rates VALUES ('default', 'USD', '2024-01-01', 'EUR', 0.5, '2024-07-01 00:00:00'), ('default', 'USD', '2024-06-01', 'EUR', 0.9, '2024-07-01 00:00:00')`,
    );
    await analytics.command(
      `INSERT INTO loaded_costs VALUES ('default', 'acquisition', '2024-01-01', '2024-01-31', 'google', 'cpc', '', '', 55, 'EUR', '2024-07-01 00:00:00')`,
    );
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
    ).toEqual([['google', 1, '110', '55', 55, 2, 0]]);
  });

  it('follow who waits for the next purchase, and censor who has not come yet', async () => {
    expect(
      await rows(
        `SELECT days, at_risk, purchased, censored, waiting FROM repurchase_survival(workspace = 'default', after_purchase = 0)`,
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

  const funnel = (exclude: string, breakdown = ''): Promise<unknown[][]> =>
    rows(
      `SELECT breakdown, step, people FROM funnel(workspace = 'default', steps = ['Product Viewed', 'Product Added', 'Order Completed'], window_seconds = 3600, exclude = ${exclude}, breakdown = '${breakdown}', ${whole})`,
    );

  it('order funnels by time, break them at what is excluded, and tell how long it takes', async () => {
    expect(await funnel('[]')).toEqual([
      ['', 1, 2],
      ['', 2, 2],
      ['', 3, 1],
    ]);
    expect((await funnel(`['Payment Failed']`)).map((row) => row[2])).toEqual([2, 1, 1]);
    expect(
      await rows(
        `SELECT people, converted_people, seconds_median FROM time_to_convert(workspace = 'default', from_event = 'Product Viewed', to_event = 'Order Completed', window_seconds = 3600, ${whole})`,
      ),
    ).toEqual([[2, 1, 1200]]);
  });

  it('show the ways to a purchase, and carts given up with what happened meanwhile', async () => {
    expect(
      await rows(
        `SELECT path, times FROM paths_before(workspace = 'default', event = 'Order Completed', length = 2, lookback_seconds = 86400, ${whole}) WHERE notEmpty(path)`,
      ),
    ).toContainEqual([['Product Viewed', 'Product Added'], 2]);
    expect(
      await rows(
        `SELECT profile_id, reached, accompanied_by FROM abandoned_carts(workspace = 'default', hours = 24, ${whole})`,
      ),
    ).toEqual([['cid', 'cart', []]]);
  });

  it('cut sessions at pauses and name what led to them', async () => {
    expect(
      await rows(
        `SELECT toString(started_at), touchpoints, pages, orders, source FROM sessions WHERE profile_id = 'ann' ORDER BY 1 LIMIT 1`,
      ),
    ).toEqual([['2024-01-01 08:00:00.000', 2, 1, 0, 'google']]);
  });

  it('hold tickets, deals, referrals, accounts, onboarding and the history of traits', async () => {
    expect(await rows('SELECT ticket_id, is_open, seconds_to_solve FROM support_tickets ORDER BY 1')).toEqual([
      ['t1', false, 3600],
      ['t2', true, null],
    ]);
    expect(await rows('SELECT deal_id, amount, stage FROM deals')).toEqual([['d1', '500', 'won']]);
    expect(await rows('SELECT referrer_profile_id, referred_profile_id FROM referrals')).toEqual([['ann', 'bob']]);
    expect(await rows('SELECT account_id, name, employees, members FROM accounts')).toEqual([['acme', 'Acme', 12, 1]]);
    expect(await rows('SELECT step, started, completed FROM onboarding')).toEqual([['profile', 1, 1]]);
    expect(
      await rows(
        `SELECT trait, value, is_current FROM trait_history WHERE profile_id = 'ann' ORDER BY trait, valid_from`,
      ),
    ).toEqual([
      ['city', 'Rome', true],
      ['plan', 'free', false],
      ['plan', 'pro', true],
    ]);
  });

  it('answer the timeline of one person, over all of his lone profiles', async () => {
    const events = await rows(
      `SELECT event FROM profile_timeline(workspace = 'default', profile = 'bob') WHERE event LIKE 'Order%' ORDER BY timestamp`,
    );
    expect(events).toEqual([['Order Completed'], ['Order Refunded']]);
    expect(await rows(`SELECT count() FROM profile_timeline(workspace = 'default', profile = 'phone')`)).toEqual([[0]]);
  });

  it('fill what ClickHouse fills by itself once, however often a batch comes', async () => {
    expect(
      await rows(
        'SELECT (SELECT count() FROM recorded_touchpoints) = (SELECT count() FROM touchpoints_by_profile), (SELECT count() FROM recorded_touchpoints) = (SELECT sum(touchpoint_count) FROM profile_activity)',
      ),
    ).toEqual([[1, 1]]);
  });

  it('never answer with a number that is none, with this data and with none', async () => {
    const plain = await rows(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View' AND NOT match(create_table_query, '\\\\{[a-z_]+:[A-Z]') ORDER BY name`,
    );
    expect(plain.length).toBeGreaterThan(40);
    const check = async (): Promise<string[]> => {
      const wrong: string[] = [];
      for (const [view] of plain) {
        const text = JSON.stringify(
          await analytics.rows(`SELECT * FROM ${String(view)} SETTINGS output_format_json_quote_denormals = 1`),
        );
        if (/"-?(nan|inf)"/i.test(text)) wrong.push(String(view));
      }
      return wrong;
    };
    expect(await check()).toEqual([]);
    await analytics.clear();
    expect(await check()).toEqual([]);
  });
});
