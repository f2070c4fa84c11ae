import type { JsonObject } from '@rapport/events';
import { erased, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const happened = (kind: string, person: string, at: string, id: string, properties: JsonObject = {}) =>
  track(person, at, `Subscription ${kind}`, { subscription_id: id, ...properties });
const started = (person: string, at: string, id: string, amount: number, properties: JsonObject = {}) =>
  happened('Started', person, at, id, { amount, currency: 'EUR', ...properties });

const churn = (columns: string, where = 'true') =>
  analytics.rows(
    `SELECT toString(month), ${columns} FROM subscription_churn_monthly WHERE ${where} ORDER BY month, currency`,
  );
const survival = (by = '', cause = '') =>
  analytics.rows(
    `SELECT breakdown, days, at_risk, ended, censored, round(surviving, 4), round(standard_error, 4)
     FROM subscription_survival(workspace = 'default', by = '${by}', cause = '${cause}')`,
  );

describe('subscriptions', () => {
  it('are none where none began', async () => {
    await analytics.touchpoints([track('ann', '2024-01-01T10:00:00Z', 'Order Completed', { total: 1 })]);
    for (const view of ['subscription_events', 'subscriptions', 'subscription_months', 'subscription_churn_monthly']) {
      expect(await analytics.rows(`SELECT * FROM ${view}`)).toEqual([]);
    }
    expect(await analytics.rows('SELECT * FROM churn_reasons')).toEqual([]);
    expect(await analytics.rows('SELECT * FROM subscription_spells')).toEqual([]);
    expect(await survival()).toEqual([]);
  });

  it('move monthly revenue: new, grown, shrunk, lost, won back, each month adding up', async () => {
    await analytics.touchpoints([
      started('ann', '2024-01-10T10:00:00Z', 'a', 10),
      started('bob', '2024-01-20T10:00:00Z', 'b', 120, { interval: 'year' }),
      happened('Renewed', 'ann', '2024-02-10T10:00:00Z', 'a', { amount: 15, currency: 'EUR' }),
      happened('Cancelled', 'bob', '2024-03-05T10:00:00Z', 'b', { reason: 'too dear' }),
      happened('Renewed', 'ann', '2024-03-10T10:00:00Z', 'a', { amount: 12, currency: 'EUR' }),
      started('bob', '2024-04-01T10:00:00Z', 'b', 8),
    ]);
    // January: 10 + 120/12. February: 10 > 15. March: bob's 10 lost, 15 > 12. April: bob back with 8.
    expect(
      await churn('mrr_at_start, mrr_new, mrr_reactivated, mrr_expansion, mrr_contraction, mrr_churned, mrr_at_end'),
    ).toEqual([
      ['2024-01-01', '0', '20', '0', '0', '0', '0', '20'],
      ['2024-02-01', '20', '0', '0', '5', '0', '0', '25'],
      ['2024-03-01', '25', '0', '0', '0', '3', '10', '12'],
      ['2024-04-01', '12', '0', '8', '0', '0', '0', '20'],
    ]);
    expect(
      await churn(
        'active_at_start, started, reactivated, churned_voluntary, active_at_end, logo_churn_rate, round(revenue_churn_rate, 4), round(gross_revenue_retention, 4), round(net_revenue_retention, 4)',
      ),
    ).toEqual([
      ['2024-01-01', 0, 2, 0, 0, 2, 0, 0, 0, 0],
      ['2024-02-01', 2, 0, 0, 0, 2, 0, 0, 1, 1.25],
      // 10 / 25 lost; (25 - 10 - 3) / 25 kept.
      ['2024-03-01', 2, 0, 0, 1, 1, 0.5, 0.4, 0.48, 0.48],
      ['2024-04-01', 1, 0, 1, 0, 2, 0, 0, 1, 1],
    ]);
  });

  it('have each of their events once, and a row for every month, with what they were worth at both ends', async () => {
    await analytics.touchpoints([
      started('ann', '2024-01-10T10:00:00Z', 'a', 30, { interval: 'quarter' }),
      happened('Payment Failed', 'ann', '2024-03-10T10:00:00Z', 'a'),
      happened('Payment Failed', 'ann', '2024-03-10T10:00:00Z', 'a'),
    ]);
    expect(
      await analytics.rows('SELECT kind, toString(day), monthly_amount FROM subscription_events ORDER BY day'),
    ).toEqual([
      ['started', '2024-01-10', '10'],
      ['payment-failed', '2024-03-10', null],
    ]);
    expect(
      await analytics.rows(
        'SELECT toString(month), amount_at_start, amount_at_end, failed_payments FROM subscription_months ORDER BY month',
      ),
    ).toEqual([
      ['2024-01-01', '0', '10', 0],
      ['2024-02-01', '10', '10', 0],
      ['2024-03-01', '10', '10', 1],
    ]);
  });

  it('never add up two currencies', async () => {
    await analytics.touchpoints([
      started('ann', '2024-01-10T10:00:00Z', 'a', 10),
      started('bob', '2024-01-10T10:00:00Z', 'b', 20, { currency: 'USD' }),
    ]);
    const rows = await analytics.rows('SELECT currency, mrr_at_end FROM subscription_churn_monthly ORDER BY currency');
    expect(rows).toEqual([
      ['EUR', '10'],
      ['USD', '20'],
    ]);
  });

  it('count what is said twice, and what comes late or in another order, once and where it belongs', async () => {
    const facts = [
      started('ann', '2024-01-10T10:00:00Z', 'a', 10),
      happened('Payment Failed', 'ann', '2024-02-10T10:00:00Z', 'a'),
      happened('Renewed', 'ann', '2024-02-12T10:00:00Z', 'a'),
      happened('Renewed', 'ann', '2024-02-12T10:00:00Z', 'a'),
      happened('Cancelled', 'ann', '2024-03-20T10:00:00Z', 'a', { reason: 'card expired' }),
      happened('Cancelled', 'ann', '2024-03-20T10:00:00Z', 'a', { reason: 'card expired' }),
      happened('Cancelled', 'ann', '2024-03-25T10:00:00Z', 'a', { reason: 'card expired' }),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      await analytics.workspace();
      for (const fact of order) await analytics.touchpoints([fact]);
      expect(await analytics.rows('SELECT status, renewals, failed_payments FROM subscriptions')).toEqual([
        ['cancelled', 1, 1],
      ]);
      expect(await analytics.rows('SELECT toString(month), reason, cancellations FROM churn_reasons')).toEqual([
        ['2024-03-01', 'card expired', 1],
      ]);
      expect(await churn('churned_involuntary, recovered_payments, recovery_rate')).toEqual([
        ['2024-01-01', 0, 0, 0],
        ['2024-02-01', 0, 1, 1],
        ['2024-03-01', 1, 0, 0],
      ]);
      expect(
        await analytics.rows('SELECT spell, toString(started_on), toString(ended_on) FROM subscription_spells'),
      ).toEqual([[1, '2024-01-10', '2024-03-20']]);
    }
  });

  it("fall into the months of the workspace's zone, across the change of clocks", async () => {
    await analytics.workspace({ timeZone: 'Europe/Berlin' });
    await analytics.touchpoints([
      // Half past midnight on 1 February, and 00:30 on 1 April, an hour after 23:30 UTC became 22:30.
      started('ann', '2024-01-31T23:30:00Z', 'a', 10),
      happened('Cancelled', 'ann', '2024-03-31T22:30:00Z', 'a', { reason: 'moved' }),
      // 23:30 on 31 March in Berlin.
      started('bob', '2024-02-01T12:00:00Z', 'b', 10),
      happened('Cancelled', 'bob', '2024-03-31T21:30:00Z', 'b', { reason: 'too dear' }),
    ]);
    expect(await churn('started, churned_voluntary, churned_involuntary')).toEqual([
      ['2024-02-01', 2, 0, 0],
      ['2024-03-01', 0, 1, 0],
      ['2024-04-01', 0, 0, 1],
    ]);
    expect(await analytics.rows('SELECT toString(month), reason FROM churn_reasons ORDER BY 1')).toEqual([
      ['2024-03-01', 'too dear'],
      ['2024-04-01', 'moved'],
    ]);
  });

  it('belong to the person of today, and say nothing of who was erased', async () => {
    await analytics.touchpoints([
      started('phone', '2024-01-10T10:00:00Z', 'a', 10),
      happened('Renewed', 'ann', '2024-02-10T10:00:00Z', 'a'),
      // Named by nobody: the subscription of the person.
      track('phone', '2024-01-11T10:00:00Z', 'Subscription Started', { amount: 5 }),
      track('ann', '2024-02-11T10:00:00Z', 'Subscription Cancelled'),
      erased(started('gone', '2024-01-10T10:00:00Z', 'g', 10)),
    ]);
    await analytics.merge('ann', 'phone');
    expect(
      await analytics.rows('SELECT subscription_id, profile_id, status, renewals FROM subscriptions ORDER BY 1'),
    ).toEqual([
      ['a', 'ann', 'active', 1],
      ['of ann', 'ann', 'cancelled', 0],
    ]);
    expect(await churn('active_at_end')).toEqual([
      ['2024-01-01', 2],
      ['2024-02-01', 1],
    ]);
  });
});

describe('the survival of subscriptions', () => {
  beforeEach(() =>
    analytics.touchpoints([
      started('a', '2024-01-01T10:00:00Z', 'a', 1, { plan: 'basic' }),
      happened('Cancelled', 'a', '2024-01-11T10:00:00Z', 'a', { reason: 'too dear' }),
      started('b', '2024-01-01T10:00:00Z', 'b', 1, { plan: 'basic' }),
      happened('Cancelled', 'b', '2024-01-21T10:00:00Z', 'b', { reason: 'card expired' }),
      started('c', '2024-01-11T10:00:00Z', 'c', 1, { plan: 'pro' }),
      started('d', '2024-01-01T10:00:00Z', 'd', 1, { plan: 'pro' }),
      happened('Cancelled', 'd', '2024-01-31T10:00:00Z', 'd', { reason: 'too dear' }),
      // Nobody saw it begin: it tells nothing.
      happened('Cancelled', 'e', '2024-01-15T10:00:00Z', 'e'),
    ]),
  );

  it('is that of Kaplan and Meier: ten days, twenty of c who still runs, twenty, thirty', async () => {
    // S(10) = 3/4; S(20) = 3/4 * 2/3 with c censored after b ended; S(30) = 1/2 * 0.
    // Greenwood at 10: 3/4 * sqrt(1/(4*3)) = 0.2165; at 20: 1/2 * sqrt(1/12 + 1/6) = 0.25.
    expect(await survival()).toEqual([
      ['', 10, 4, 1, 0, 0.75, 0.2165],
      ['', 20, 3, 1, 1, 0.5, 0.25],
      ['', 30, 1, 1, 0, 0, 0],
    ]);
  });

  it('censors other causes, and can be told by plan', async () => {
    // Voluntary: a after 10 of 4, d after 30 of 1; b and c are censored at 20.
    expect(await survival('', 'voluntary')).toEqual([
      ['', 10, 4, 1, 0, 0.75, 0.2165],
      ['', 20, 3, 0, 2, 0.75, 0.2165],
      ['', 30, 1, 1, 0, 0, 0],
    ]);
    expect((await survival('', 'involuntary')).map((row) => [row[1], row[3], row[5]])).toEqual([
      [10, 0, 1],
      [20, 1, 0.6667],
      [30, 0, 0.6667],
    ]);
    expect((await survival('plan')).map((row) => row.slice(0, 6))).toEqual([
      ['basic', 10, 2, 1, 0, 0.5],
      ['basic', 20, 1, 1, 0, 0],
      ['pro', 20, 2, 0, 1, 1],
      ['pro', 30, 1, 1, 0, 0],
    ]);
  });

  it('takes a subscription that starts again for another spell', async () => {
    await analytics.touchpoints([started('a', '2024-01-26T10:00:00Z', 'a', 1, { plan: 'basic' })]);
    expect(
      await analytics.rows(
        "SELECT spell, days, toString(ended_on) FROM subscription_spells WHERE subscription_id = 'a'",
      ),
    ).toEqual([
      [1, 10, '2024-01-11'],
      // Until 31 January, the last day known.
      [2, 5, null],
    ]);
  });
});
