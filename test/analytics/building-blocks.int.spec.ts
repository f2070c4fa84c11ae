import { erased, page, startAnalytics, touchpoint, track, type Analytics } from './analytics.js';

let analytics: Analytics;
const rows: Analytics['rows'] = (query) => analytics.rows(query);
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());

const order = (person: string, at: string, id: string, total: number | undefined, properties = {}) =>
  track(person, at, 'Order Completed', { order_id: id, ...(total !== undefined && { total }), ...properties });
const refund = (person: string, at: string, id: string, properties = {}) =>
  track(person, at, 'Order Refunded', { order_id: id, ...properties });
const products = (quantity: number, price: number) => [{ product_id: 'mug', quantity, price }];
const guest = <T extends ReturnType<typeof track>>(recorded: T): T => ({
  ...recorded,
  content: { ...recorded.content, userId: undefined, anonymousId: 'device' },
});

describe('what the views of money are made of', () => {
  beforeAll(async () => {
    await analytics.clear();
    await analytics.workspace({ timeZone: 'Europe/Berlin' });
    await analytics.insert('loaded_exchange_rates', [
      {
        ...{ workspace_id: 'default', currency: 'USD', valid_from: '2024-01-01', to_currency: 'EUR', rate: '0.5' },
        loaded_at: '2024-06-01 00:00:00.000',
      },
    ]);
    await analytics.touchpoints([
      order('ann', '2024-01-05T10:00:00Z', '1', 30),
      // Sent again, corrected; it comes before the first by arrival, after it by event time.
      order('ann', '2024-01-05T10:05:00Z', '1', 40, { products: products(2, 20) }),
      // Half past midnight on 1 April in Berlin, an hour after summer time began: 20 USD at 0.5.
      order('phone', '2024-03-31T22:30:00Z', '2', 20, { currency: 'USD', products: products(3, 6.6667) }),
      // 4 named, then all that is left: 40 - 4 = 36, and nothing more.
      refund('ann', '2024-01-10T10:00:00Z', '1', { total: -4 }),
      refund('ann', '2024-01-11T10:00:00Z', '1'),
      refund('ann', '2024-01-12T10:00:00Z', '1'),
      // The same for an event that is no order, where it converts.
      track('ann', '2024-02-01T10:00:00Z', 'Subscription Started', { amount: 9, value: 8, currency: 'USD' }),
      track('ann', '2024-02-01T10:00:00Z', 'Lead Converted', { value: 8, currency: 'GBP' }),
      track('ann', '2024-02-01T10:00:00Z', 'Plan Chosen', { value: 8 }),
      // No rate: kept apart. A guest: nobody. An erased person: nothing.
      order('bob', '2024-01-20T10:00:00Z', '3', 9, { currency: 'GBP', products: products(1, 9) }),
      guest(order('visitor', '2024-01-20T10:00:00Z', '4', 7)),
      erased(order('gone', '2024-01-20T10:00:00Z', '5', 7)),
    ]);
    await analytics.merge('ann', 'phone');
  }, 120_000);

  it('superseded_orders: all but the newest of an order by event time', async () => {
    expect(await rows('SELECT count() FROM superseded_orders')).toEqual([[1]]);
  });

  it('order_facts: each order and refund once, on its day, under the person of today', async () => {
    expect(
      await rows('SELECT order_id, kind, profile_id, toString(day), total FROM order_facts ORDER BY 1, 2, timestamp'),
    ).toEqual([
      ['1', 'order', 'ann', '2024-01-05', '40'],
      ['1', 'refund', 'ann', '2024-01-10', '-4'],
      ['1', 'refund', 'ann', '2024-01-11', null],
      ['1', 'refund', 'ann', '2024-01-12', null],
      ['2', 'order', 'ann', '2024-04-01', '20'],
      ['3', 'order', 'bob', '2024-01-20', '9'],
      ['4', 'order', 'visitor', '2024-01-20', '7'],
    ]);
  });

  it('order_rows and money_rows: the same under the lone profiles that they were recorded for', async () => {
    expect(await rows("SELECT lone_profile_id, order_id, total FROM order_rows WHERE order_id = '2'")).toEqual([
      ['phone', '2', '20'],
    ]);
    expect(
      await rows(
        "SELECT lone_profile_id, kind, amount, currency, is_reported FROM money_rows WHERE order_id != '1' ORDER BY 1",
      ),
    ).toEqual([
      ['bob', 'order', '9', 'GBP', 0],
      ['phone', 'order', '10', 'EUR', 1],
      ['visitor', 'order', '7', 'EUR', 1],
    ]);
  });

  it('whole_refunds, order_history and refunds: what was given back, to the last cent and no further', async () => {
    expect(await rows('SELECT amount FROM whole_refunds ORDER BY amount')).toEqual([['0'], ['4'], ['36']]);
    expect(await rows("SELECT total FROM order_history WHERE kind = 'refund' ORDER BY timestamp")).toEqual([
      ['4'],
      ['36'],
      ['0'],
    ]);
    expect(await rows('SELECT toString(refunded_on), total FROM refunds ORDER BY refunded_at')).toEqual([
      ['2024-01-10', '4'],
      ['2024-01-11', '36'],
      ['2024-01-12', '0'],
    ]);
  });

  it('exchange_rate_steps, orders, refunds and order_lines: beside their own money that of the workspace, empty without a rate', async () => {
    expect(await rows('SELECT rate_key, steps FROM exchange_rate_steps')).toEqual([
      ['default USD EUR', [['2024-01-01', '0.5']]],
    ]);
    expect(await rows('SELECT order_id, total, currency, reported_total FROM orders ORDER BY 1')).toEqual([
      ['1', '40', '', '40'],
      ['2', '20', 'USD', '10'],
      ['3', '9', 'GBP', null],
      ['4', '7', '', '7'],
    ]);
    expect(await rows('SELECT reported_total FROM refunds ORDER BY refunded_at')).toEqual([['4'], ['36'], ['0']]);
    // 3 x 6.6667 = 20.0001 USD, half of which is 10.0001 to four places.
    expect(await rows('SELECT order_id, amount, reported_amount FROM order_lines ORDER BY 1')).toEqual([
      ['1', '40', '40'],
      ['2', '20.0001', '10.0001'],
      ['3', '9', null],
    ]);
  });

  it('money_moves: in the reporting currency where there is a rate; customer_money: of people', async () => {
    const moves = [
      ['ann', 'order', '40', 'EUR', 1],
      ['ann', 'refund', '-4', 'EUR', 1],
      ['ann', 'refund', '-36', 'EUR', 1],
      ['ann', 'refund', '0', 'EUR', 1],
      ['ann', 'order', '10', 'EUR', 1],
      ['bob', 'order', '9', 'GBP', 0],
    ];
    const ask = (view: string) =>
      `SELECT profile_id, kind, amount, currency, is_reported FROM ${view} ORDER BY profile_id, timestamp`;
    expect(await rows(ask('money_moves'))).toEqual([...moves, ['visitor', 'order', '7', 'EUR', 1]]);
    expect(await rows(ask('customer_money'))).toEqual(moves);
    expect(await rows('SELECT count() FROM guest_customers')).toEqual([[1]]);
  });

  it('conversions and conversion_rows: orders once, money without a rate counts as none', async () => {
    expect(
      await rows("SELECT conversion_id, profile_id, value FROM conversions WHERE event = 'Order Completed' ORDER BY 1"),
    ).toEqual([
      ['1', 'ann', '40'],
      ['2', 'ann', '10'],
      ['3', 'bob', '0'],
      ['4', 'visitor', '7'],
    ]);
    expect(await rows("SELECT event, value FROM conversions WHERE event NOT LIKE 'Order %' ORDER BY event")).toEqual([
      ['Lead Converted', '0'],
      ['Plan Chosen', '8'],
      ['Subscription Started', '4'],
    ]);
    const recorded =
      "SELECT conversion_id, lone_profile_id, value FROM conversion_rows WHERE event = 'Order Completed' ORDER BY 1";
    expect((await rows(recorded))[1]).toEqual(['2', 'phone', '10']);
  });

  it('new_customers: by the first order, with net revenue of ninety days', async () => {
    expect(
      await rows(
        'SELECT toString(first_day), toString(quarter), source, repeated_by_next_quarter, value_90_days, is_complete FROM new_customers ORDER BY 1',
      ),
    ).toEqual([
      // 40 - 4 - 36 + 10 on the 87th day; 1 April is not yet the 90th.
      ['2024-01-05', '2024-01-01', '(direct)', 1, '10', 0],
      ['2024-01-20', '2024-01-01', '(direct)', 0, '0', 0],
    ]);
  });

  it('workspace_cohort_retention_monthly and cohort_members: the same people, in months of the workspace', async () => {
    expect(
      await rows(
        'SELECT toString(cohort_month), age_months, customers, active FROM workspace_cohort_retention_monthly',
      ),
    ).toEqual([
      ['2024-01-01', 0, 2, 2],
      ['2024-01-01', 1, 2, 0],
      ['2024-01-01', 2, 2, 0],
      ['2024-01-01', 3, 2, 1],
    ]);
    expect(
      await rows(
        "SELECT profile_id, toString(cohort_start), order_days FROM cohort_members(workspace = 'default', by = 'first-purchase', period = 'month') ORDER BY 1",
      ),
    ).toEqual([
      ['ann', '2024-01-01', 2],
      ['bob', '2024-01-01', 1],
    ]);
  });

  it('workspace_zones: how each workspace counts', async () => {
    expect(
      await rows(
        'SELECT workspace_id, time_zone, currency, session_minutes, lapse_days, is_default FROM workspace_zones',
      ),
    ).toEqual([['default', 'Europe/Berlin', 'EUR', 30, 90, true]]);
  });
});

describe('what the views of people are made of', () => {
  beforeAll(async () => {
    await analytics.clear();
    await analytics.workspace({ timeZone: 'America/New_York' });
    await analytics.touchpoints([
      page('phone', '2024-01-05T09:00:00Z', { source: 'google', medium: 'cpc', name: 'spring' }),
      track('ann', '2024-01-05T10:00:00Z', 'Product Viewed'),
      track('ann', '2024-01-05T10:10:00Z', 'Product Added'),
      order('ann', '2024-01-05T10:20:00Z', '1', 30),
      track('bob', '2024-01-06T10:00:00Z', 'Product Viewed'),
      guest(page('visitor', '2024-01-06T10:00:00Z')),
      track('bob', '2024-01-07T10:00:00Z', 'Review Submitted', { review_id: 'r', rating: 4, product_id: 'p' }),
      track('bob', '2024-01-08T10:00:00Z', 'Review Submitted', { review_id: 'r', rating: 2, product_id: 'p' }),
      track('bob', '2024-01-07T10:00:00Z', 'Survey Responded', { survey_type: 'nps', response_id: 's', score: 3 }),
      track('bob', '2024-01-08T10:00:00Z', 'Survey Responded', { survey_type: 'nps', response_id: 's', score: 9 }),
      track('bob', '2024-01-08T11:00:00Z', 'Survey Responded', { survey_type: 'nps', response_id: 't', score: 11 }),
      // 23:30 on 9 March in New York, and 00:30 on 11 March, clocks having gone forward in between.
      track('ann', '2024-03-10T04:30:00Z', 'Deal Won', { deal_id: 'd', amount: 100 }),
      // Told twice.
      track('ann', '2024-03-10T04:40:00Z', 'Deal Won', { deal_id: 'd', amount: 100 }),
      track('ann', '2024-03-11T04:30:00Z', 'Deal Won', { deal_id: 'e', amount: 50 }),
      track('phone', '2024-03-11T04:30:00Z', 'Email Opened', { delivery_id: 'm' }),
      track('phone', '2024-03-12T04:30:00Z', 'Email Opened', { delivery_id: 'm', is_machine: true }),
      erased(touchpoint('gone', '2024-01-05T09:00:00Z', { type: 'page' })),
    ]);
    const about = { workspace_id: 'default', profile_id: 'phone', delivery_id: 'm', channel: 'email' };
    const journey = { journey_id: 'j', instance_id: 'i', step_id: 's', log_partition: 0, log_offset: 0 };
    const at = '2024-03-10 04:30:00.000';
    await analytics.insert('delivery_requests', [
      { ...about, ...journey, template_id: 't', requested_at: at, appended_at: at },
    ]);
    await analytics.insert('deliveries', [
      { ...about, ...journey, status: 'sent', reason: '', timestamp: at, appended_at: at },
    ]);
    await analytics.merge('ann', 'phone');
  }, 120_000);

  const year = "workspace = 'default', from = '2024-01-01 00:00:00.000', to = '2025-01-01 00:00:00.000'";

  it('profile_survivors, timeline and people_seen: one person under two profiles', async () => {
    expect(await rows('SELECT profile_id, survivor_id FROM profile_survivors')).toEqual([['phone', 'ann']]);
    expect(
      await rows(
        "SELECT profile_id, is_person, touchpoint_count, acquisition_source, toString(first_seen_at) FROM people_seen WHERE profile_id != 'gone' ORDER BY 1",
      ),
    ).toEqual([
      ['ann', true, 9, 'google', '2024-01-05 09:00:00.000'],
      ['bob', true, 6, '(direct)', '2024-01-06 10:00:00.000'],
      ['visitor', false, 1, '(direct)', '2024-01-06 10:00:00.000'],
    ]);
    expect(await rows("SELECT count(), uniqExact(person_key) FROM timeline WHERE profile_id = 'ann'")).toEqual([
      [9, 1],
    ]);
  });

  it('touches, conversion_paths and grouped_paths: the click on the phone leads to the order', async () => {
    expect(await rows('SELECT profile_id, channel FROM touches WHERE NOT is_direct')).toEqual([['ann', 'paid search']]);
    const parameters = `${year}, conversion = 'Order Completed', lookback_seconds = 86400, restart = 1, by = 'source'`;
    expect(await rows(`SELECT profile_id, path, value FROM conversion_paths(${parameters}) WHERE converted`)).toEqual([
      ['ann', ['google'], '30'],
    ]);
    expect(
      await rows(`SELECT path, conversions, nulls, value FROM grouped_paths(${parameters}) WHERE conversions > 0`),
    ).toEqual([[['google'], 1, 0, '30']]);
  });

  it('conversion_walks and touch_labels: the same path as numbers, and what they stand for', async () => {
    const parameters = `${year}, conversion = 'Order Completed', lookback_seconds = 86400, restart = 1, by = 'source'`;
    const names = "SELECT name FROM touch_labels(workspace = 'default', by = 'source') WHERE label_key";
    expect(
      await rows(
        `SELECT profile_id, value, length(visited_ms), labels[1] % 2 FROM conversion_walks(${parameters}, with_ids = 0, with_nulls = 1) WHERE converted`,
      ),
    ).toEqual([['ann', '30', 1, 0]]);
    const counted = (nulls: number) =>
      rows(
        `SELECT count(), countIf(converted) FROM conversion_walks(${parameters}, with_ids = 0, with_nulls = ${nulls})`,
      );
    expect([await counted(1), await counted(0)]).toEqual([[[3, 1]], [[1, 1]]]);
    expect(
      await rows(
        `${names} IN (SELECT labels[1] FROM conversion_walks(${parameters}, with_ids = 0, with_nulls = 1) WHERE converted)`,
      ),
    ).toEqual([['google']]);
  });

  it('funnel_levels: how far each came', async () => {
    const levels = `FROM funnel_levels(${year}, steps = ['Product Viewed', 'Product Added', 'Order Completed'], window_seconds = 3600, exclude = [], breakdown = '')`;
    expect(await rows(`SELECT level ${levels} ORDER BY level`)).toEqual([[1], [3]]);
  });

  it('survey_responses and reviews: the newest answer, within its scale', async () => {
    expect(await rows('SELECT response_id, score FROM survey_responses')).toEqual([['s', 9]]);
    expect(await rows('SELECT review_id, rating FROM reviews')).toEqual([['r', 2]]);
    expect(await rows('SELECT response_id, score FROM found_survey_responses')).toEqual([['s', 9]]);
    expect(await rows('SELECT review_id, rating FROM found_reviews')).toEqual([['r', 2]]);
  });

  it('messages, message_events and message_days: opened by a person, on the day it was sent there', async () => {
    expect(await rows('SELECT profile_id, is_sent, variant FROM messages')).toEqual([['ann', 1, '']]);
    const opens = [
      ['opened', 0],
      ['opened', 1],
    ];
    expect(await rows('SELECT kind, is_machine FROM message_events ORDER BY happened_at')).toEqual(opens);
    expect(await rows('SELECT kind, is_machine FROM found_message_events ORDER BY happened_at')).toEqual(opens);
    expect(await rows('SELECT status, variant FROM found_messages')).toEqual([['sent', '']]);
    expect(await rows('SELECT toString(day), sent, opened FROM message_days')).toEqual([['2024-03-09', 1, 1]]);
  });

  it('found_occasions, occasion_days and scorecard_periods: days and quarters of the workspace', async () => {
    expect(
      await rows('SELECT toString(day), count(), uniqExact(occasion) FROM found_occasions GROUP BY day ORDER BY day'),
    ).toEqual([
      ['2024-03-09', 2, 1],
      ['2024-03-11', 1, 1],
    ]);
    expect(await rows('SELECT toString(day), event, occasions, amount FROM occasion_days ORDER BY day')).toEqual([
      ['2024-03-09', 'Deal Won', 1, '100'],
      ['2024-03-11', 'Deal Won', 1, '50'],
    ]);
    expect(
      await rows("SELECT toString(min(period_start)), count() FROM scorecard_periods WHERE rhythm = 'monthly'"),
    ).toEqual([['2024-01-01', 3]]);
  });

  it('experiment_exposures, experiment_outcomes and experiment_arms: the first variation, and what followed', async () => {
    await analytics.touchpoints([
      track('phone', '2024-01-05T10:05:00Z', 'Experiment Viewed', { experiment_id: 'x', variation_id: 'new' }),
      track('bob', '2024-01-05T10:05:00Z', 'Experiment Viewed', { experiment_id: 'x', variation_id: 'old' }),
    ]);
    expect(await rows('SELECT profile_id, variation, is_mixed FROM experiment_exposures ORDER BY 1')).toEqual([
      ['ann', 'new', 0],
      ['bob', 'old', 0],
    ]);
    const parameters = `${year}, experiment = 'x', conversion = 'Order Completed', window_seconds = 86400, before_seconds = 0, cap = 0`;
    expect(
      await rows(`SELECT profile_id, conversions, toFloat64(value) FROM experiment_outcomes(${parameters}) ORDER BY 1`),
    ).toEqual([
      ['ann', 1, 30],
      ['bob', 0, 0],
    ]);
    expect(await rows(`SELECT variation, people, converted FROM experiment_arms(${parameters}) ORDER BY 1`)).toEqual([
      ['new', 1, 1],
      ['old', 1, 0],
    ]);
  });
});
