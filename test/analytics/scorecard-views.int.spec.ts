import { page, startAnalytics, touchpoint, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

type Rhythm = 'weekly' | 'monthly' | 'quarterly';

/** Value and base by period (and label), of every metric. */
async function scorecard(rhythm: Rhythm): Promise<(metric: string) => Record<string, unknown>> {
  const found = await analytics.rows(
    `SELECT metric, toString(period_start) || if(label = '', '', ' ' || label), round(value, 6), base FROM scorecard_${rhythm} ORDER BY period_start, label`,
  );
  return (metric) =>
    Object.fromEntries(found.filter(([name]) => name === metric).map(([, period, ...figure]) => [period, figure]));
}
const order = (person: string, at: string, total: number, properties = {}) =>
  track(person, at, 'Order Completed', { total, currency: 'EUR', ...properties });

describe('the weekly scorecard', () => {
  it('counts leads, meetings, orders and deals, also in weeks in which nothing happened', async () => {
    await analytics.touchpoints([
      page('ann', '2024-01-02T10:00:00Z'),
      order('ann', '2024-01-03T10:00:00Z', 10, { order_id: '1' }),
      order('ann', '2024-01-04T10:00:00Z', 10, { order_id: '1' }),
      touchpoint('bob', '2024-01-16T10:00:00Z', { type: 'identify', traits: {} }),
      track('bob', '2024-01-15T10:00:00Z', 'Meeting Booked', { meeting_id: 'm' }),
      track('bob', '2024-01-15T10:00:05Z', 'Meeting Booked', { meeting_id: 'm' }),
      track('bob', '2024-01-16T10:00:00Z', 'Meeting Held'),
      track('bob', '2024-01-17T10:00:00Z', 'Meeting No Show'),
      track('bob', '2024-01-18T10:00:00Z', 'Deal Won', { amount: '250.5' }),
    ]);
    const figures = await scorecard('weekly');
    const weeks = ['2024-01-01', '2024-01-08', '2024-01-15'];
    const expected = (...values: readonly (readonly [number | null, number])[]) =>
      Object.fromEntries(weeks.map((week, at) => [week, values[at]]));
    expect(figures('new-leads')).toEqual(expected([1, 1], [0, 0], [1, 1]));
    expect(figures('orders')).toEqual(expected([1, 1], [0, 0], [0, 0]));
    expect(figures('order-value')).toEqual(expected([10, 1], [0, 0], [0, 0]));
    expect(figures('new-customers')).toEqual(expected([1, 1], [0, 0], [0, 0]));
    expect(figures('meetings-booked')).toEqual(expected([0, 0], [0, 0], [1, 1]));
    expect(figures('meetings-held-rate')).toEqual(expected([null, 0], [null, 0], [0.5, 2]));
    expect(figures('deals-won-value')).toEqual(expected([0, 0], [0, 0], [250.5, 1]));
    expect(figures('open-rate')).toEqual(expected([null, 0], [null, 0], [null, 0]));
  });

  it("begins its weeks on Monday in the workspace's zone, across the change of clocks", async () => {
    await analytics.workspace({ timeZone: 'Europe/Berlin' });
    await analytics.touchpoints([
      // 23:30 on Sunday 31 March in London, but half past midnight on Monday in Berlin, an hour after summer time began.
      order('ann', '2024-03-31T22:30:00Z', 1),
      order('bob', '2024-03-31T21:30:00Z', 1),
    ]);
    const figures = await scorecard('weekly');
    expect(figures('orders')).toEqual({ '2024-03-25': [1, 1], '2024-04-01': [1, 1] });
  });

  it('has the rates of messages', async () => {
    const at = '2024-01-05 10:00:00.000';
    const about = { workspace_id: 'default', channel: 'email', journey_id: 'welcome', step_id: 'one' };
    const position = { instance_id: 'x', appended_at: at, log_partition: 0, log_offset: 0 };
    for (const id of ['1', '2', '3', '4']) {
      const message = { ...about, ...position, delivery_id: id, profile_id: id };
      await analytics.insert('delivery_requests', [{ ...message, template_id: 'offer', requested_at: at }]);
      await analytics.insert('deliveries', [{ ...message, status: 'sent', reason: '', timestamp: at }]);
    }
    const did = (event: string, id: string) => track(id, '2024-01-05T12:00:00Z', event, { delivery_id: id });
    await analytics.touchpoints([
      did('Email Opened', '1'),
      did('Email Opened', '2'),
      did('Email Link Clicked', '2'),
      did('Unsubscribed', '3'),
      did('Email Marked as Spam', '4'),
    ]);
    const figures = await scorecard('weekly');
    expect(figures('open-rate')).toEqual({ '2024-01-01': [0.5, 4] });
    expect(figures('click-rate')).toEqual({ '2024-01-01': [0.25, 4] });
    expect(figures('unsubscribe-rate')).toEqual({ '2024-01-01': [0.25, 4] });
    expect(figures('complaint-rate')).toEqual({ '2024-01-01': [0.25, 4] });
    expect(figures('messages-sent')).toEqual({ '2024-01-01': [4, 4] });
  });
});

describe('the monthly scorecard', () => {
  it('tells retention, return, lapse and reactivation, under merges', async () => {
    await analytics.touchpoints([
      // Ann: January and February, the second under another profile; then a pause of 90 days and more, and back in June.
      order('ann', '2024-01-10T10:00:00Z', 10),
      order('phone', '2024-02-10T10:00:00Z', 10),
      order('ann', '2024-06-10T10:00:00Z', 30),
      order('bob', '2024-01-20T10:00:00Z', 20),
      track('bob', '2024-02-20T10:00:00Z', 'Order Refunded', { total: 5, currency: 'EUR' }),
    ]);
    await analytics.merge('ann', 'phone');
    const figures = await scorecard('monthly');
    expect(figures('retention')).toEqual({
      '2024-01-01': [null, 0],
      '2024-02-01': [0.5, 2],
      '2024-03-01': [0, 1],
      '2024-04-01': [null, 0],
      '2024-05-01': [null, 0],
      '2024-06-01': [null, 0],
    });
    expect(figures('returning-customers')).toMatchObject({
      '2024-01-01': [0, 2],
      '2024-02-01': [1, 1],
      '2024-06-01': [1, 1],
    });
    // Bob on 19 April, Ann on 10 May; what lies ahead of the last touchpoint has not happened.
    const lapsed = figures('lapsed-customers');
    expect(Object.values(lapsed)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    expect(Object.values(figures('reactivated-customers')).at(-1)).toEqual([1, 1]);
    expect(figures('net-revenue')).toMatchObject({ '2024-01-01': [30, 2], '2024-02-01': [5, 1] });
    expect(figures('refund-rate')).toMatchObject({ '2024-02-01': [0.5, 1], '2024-03-01': [null, 0] });
    expect(figures('average-order-value')).toMatchObject({ '2024-01-01': [15, 2] });
    expect(Object.values(figures('active-people'))[1]).toEqual([2, 2]);
  });

  it.each([
    // Kiritimati is 14 hours ahead of UTC, Niue 11 behind.
    { timeZone: 'Pacific/Kiritimati', people: { '2024-01-01': [2, 2], '2024-02-01': [2, 2] } },
    { timeZone: 'Pacific/Niue', people: { '2024-01-01': [3, 3], '2024-02-01': [1, 1] } },
    { timeZone: 'UTC', people: { '2024-01-01': [3, 3], '2024-02-01': [1, 1] } },
  ])('counts people by the months of $timeZone', async ({ timeZone, people }) => {
    await analytics.workspace({ timeZone });
    await analytics.touchpoints([
      page('ann', '2024-01-15T10:00:00Z'),
      page('ann', '2024-01-31T10:30:00Z'),
      page('bob', '2024-01-31T09:30:00Z'),
      page('cid', '2024-02-01T10:30:00Z'),
      page('phone', '2024-01-31T23:30:00Z'),
      page('cid', '2024-02-15T10:00:00Z'),
    ]);
    await analytics.merge('cid', 'phone');
    expect((await scorecard('monthly'))('active-people')).toEqual(people);
  });

  it('has feedback', async () => {
    const said = (person: string, survey: string, score: number) =>
      track(person, '2024-01-10T10:00:00Z', 'Survey Responded', { survey, score });
    await analytics.touchpoints([
      ...[said('a', 'nps', 10), said('b', 'nps', 9), said('c', 'nps', 7), said('d', 'nps', 0)],
      ...[said('a', 'csat', 5), said('b', 'csat', 1)],
      track('a', '2024-01-10T10:00:00Z', 'Review Submitted', { rating: 4 }),
      track('a', '2024-01-10T10:00:00Z', 'Support Ticket Opened', {}),
    ]);
    const figures = await scorecard('monthly');
    expect(figures('nps')).toEqual({ '2024-01-01': [25, 4] });
    expect(figures('csat')).toEqual({ '2024-01-01': [0.5, 2] });
    expect(figures('average-rating')).toEqual({ '2024-01-01': [4, 1] });
    expect(figures('tickets-opened')).toEqual({ '2024-01-01': [1, 1] });
  });
});

describe('the quarterly scorecard', () => {
  it('tells what channels bring, what customers are worth, and who stays', async () => {
    await analytics.touchpoints([
      page('ann', '2024-01-09T10:00:00Z', { source: 'google', medium: 'cpc' }),
      order('ann', '2024-01-10T10:00:00Z', 10),
      order('ann', '2024-02-10T10:00:00Z', 10),
      // Day 90 is outside of 90 days.
      order('ann', '2024-04-09T10:00:00Z', 10),
      order('bob', '2024-03-10T10:00:00Z', 20),
      track('bob', '2024-05-10T10:00:00Z', 'Referral Sent', {}),
      track('cid', '2024-07-09T10:00:00Z', 'Referral Converted', { referral_id: 'r' }),
      order('cid', '2024-07-10T10:00:00Z', 100),
    ]);
    const quarters = ['2024-01-01', '2024-04-01', '2024-07-01'];
    const expected = (...values: readonly unknown[]) =>
      Object.fromEntries(quarters.map((quarter, at) => [quarter, values[at]]));
    const figures = await scorecard('quarterly');
    expect(figures('new-customers')).toEqual(expected([2, 2], [0, 0], [1, 1]));
    expect(figures('named-source-share')).toEqual(expected([0.5, 2], [null, 0], [0, 1]));
    expect(figures('repeat-rate')).toEqual(expected([null, 0], [0.5, 2], [null, 0]));
    expect(figures('loyal-share')).toEqual(expected([0, 2], [1, 1], [0, 1]));
    expect(figures('referred-share')).toEqual(expected([0, 2], [null, 0], [1, 1]));
    expect(figures('referrals-sent')).toEqual(expected([0, 0], [1, 1], [0, 0]));
    expect(figures('value-90-days')).toEqual(expected([20, 2], [null, 0], [null, 1]));
    expect(figures('ltv')).toEqual(expected([20, 2], [25, 2], [50, 3]));
    expect(figures('revenue-retention')).toEqual(expected([null, 0], [0.25, 40], [0, 10]));
    expect(figures('channel-quality')).toEqual({
      '2024-01-01 (direct)': [20, 1],
      '2024-01-01 google': [20, 1],
      '2024-07-01 (direct)': [null, 1],
    });
  });
});

describe('every scorecard', () => {
  it('adds up money of other currencies by the rate of its day, and leaves out what has none', async () => {
    const rate = (validFrom: string, worth: string) => ({
      ...{ workspace_id: 'default', currency: 'USD', valid_from: validFrom, to_currency: 'EUR', rate: worth },
      loaded_at: '2024-06-01 00:00:00.000',
    });
    await analytics.insert('loaded_exchange_rates', [rate('2024-01-01', '0.5'), rate('2024-01-10', '0.8')]);
    const won = (at: string, money: object) => track('ann', at, 'Deal Won', { ...money });
    await analytics.touchpoints([
      order('ann', '2024-01-02T10:00:00Z', 10),
      won('2024-01-03T10:00:00Z', { amount: 100, currency: 'USD' }),
      order('bob', '2024-01-09T10:00:00Z', 20, { currency: 'USD' }),
      order('cid', '2024-01-10T10:00:00Z', 20, { currency: 'USD' }),
      order('dot', '2024-01-11T10:00:00Z', 9, { currency: 'GBP' }),
      track('bob', '2024-01-11T10:00:00Z', 'Order Refunded', { total: 10, currency: 'USD' }),
      won('2024-01-12T10:00:00Z', { amount: 40, currency: 'GBP' }),
      // As the view deals has it: the money of the event, where no amount was given.
      won('2024-01-12T10:00:00Z', { value: 7 }),
    ]);
    const weekly = await scorecard('weekly');
    // 20 USD at 0.5, 20 at 0.8, and nothing for the pounds.
    expect(weekly('order-value')).toEqual({ '2024-01-01': [10, 1], '2024-01-08': [26, 3] });
    expect(weekly('deals-won-value')).toEqual({ '2024-01-01': [50, 1], '2024-01-08': [7, 2] });
    const monthly = await scorecard('monthly');
    expect(monthly('net-revenue')).toEqual({ '2024-01-01': [28, 4] });
    expect(monthly('refund-rate')).toEqual({ '2024-01-01': [0.222222, 4] });
    expect(monthly('revenue-per-customer')).toEqual({ '2024-01-01': [9, 4] });
    expect((await scorecard('quarterly'))('ltv')).toEqual({ '2024-01-01': [7, 4] });
  });

  it.each(['weekly', 'monthly', 'quarterly'] as const)('%s is empty without facts, and never NaN', async (rhythm) => {
    expect(await analytics.rows(`SELECT * FROM scorecard_${rhythm}`)).toEqual([]);
    await analytics.touchpoints([page('ann', '2024-01-09T10:00:00Z'), order('ann', '2024-01-10T10:00:00Z', 0)]);
    const [found] = await analytics.rows(
      `SELECT countIf(isNaN(value) OR isInfinite(value)), count() FROM scorecard_${rhythm}`,
    );
    expect(found?.[0]).toBe(0);
    expect(found?.[1]).toBeGreaterThan(0);
  });
});
