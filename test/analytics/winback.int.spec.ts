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

const order = (person: string, at: string, id: string, properties = {}) =>
  track(person, at, 'Order Completed', { order_id: id, total: 10, ...properties });
const winback = (workspace = 'default') =>
  analytics.rows(
    `SELECT toString(month), lapsed, won_back, lapsed_at_end, round(reactivation_rate, 4) FROM winback_monthly WHERE workspace_id = '${workspace}' ORDER BY month`,
  );
const survival = (after = 0, singles = 1) =>
  analytics.rows(
    `SELECT days, at_risk, purchased, censored, round(waiting, 4), round(purchased_again, 4) FROM repurchase_survival(workspace = 'default', after_purchase = ${after}, single_purchases = ${singles})`,
  );
const repeat = () =>
  analytics.rows(
    'SELECT customers, repeat_by_order, repeat_by_day, rate_by_day, orders_per_customer FROM repeat_purchases',
  );

describe('customers who lapse and come back', () => {
  it('are none where all still come', async () => {
    await analytics.touchpoints([order('ann', '2024-01-01T10:00:00Z', '1'), order('ann', '2024-03-31T10:00:00Z', '2')]);
    // 31 January to 31 March: ninety days exactly, which is not more than ninety.
    expect(await winback()).toEqual([]);
  });

  it('lapse ninety days after an order, and are won back by the next, in the months when that was', async () => {
    await analytics.touchpoints([
      // Lapsed on 31 March (1 January and 90 days), back on 15 May.
      order('ann', '2024-01-01T10:00:00Z', '1'),
      order('ann', '2024-05-15T10:00:00Z', '2'),
      // Lapsed on 10 April and gone; lapsed on 1 June, the last day known being 1 July.
      order('bob', '2024-01-11T10:00:00Z', '3'),
      order('cid', '2024-03-03T10:00:00Z', '4'),
      order('dot', '2024-07-01T10:00:00Z', '5'),
    ]);
    expect(await winback()).toEqual([
      ['2024-03-01', 1, 0, 1, 0],
      ['2024-04-01', 1, 0, 2, 0],
      // One of the two who were lapsed.
      ['2024-05-01', 0, 1, 1, 0.5],
      ['2024-06-01', 1, 0, 2, 0],
    ]);
  });

  it('are one person after a merge, have not lapsed where a late order fills the gap, and count an order once', async () => {
    const first = [
      order('phone', '2024-01-01T10:00:00Z', '1'),
      order('ann', '2024-05-15T10:00:00Z', '2'),
      order('ann', '2024-05-15T10:00:00Z', '2'),
      // A refund is no order, and neither is what an erased person did.
      track('ann', '2024-02-20T10:00:00Z', 'Order Refunded', { order_id: '1', total: 10 }),
      erased(order('gone', '2024-01-01T10:00:00Z', '9')),
    ];
    await analytics.touchpoints(first);
    // Two people: the phone has lapsed, ann came for the first time in May.
    expect(await winback()).toEqual([['2024-03-01', 1, 0, 1, 0]]);
    await analytics.merge('ann', 'phone');
    expect(await winback()).toEqual([
      ['2024-03-01', 1, 0, 1, 0],
      ['2024-05-01', 0, 1, 0, 1],
    ]);
    await analytics.touchpoints([order('ann', '2024-03-10T10:00:00Z', '3', { currency: 'USD' })]);
    expect(await winback()).toEqual([]);
  });

  it("go by the days of the workspace's zone", async () => {
    await analytics.workspace({ timeZone: 'America/New_York' });
    await analytics.touchpoints([
      // 31 December in New York: lapses on 30 March. In UTC it would be 31 March.
      order('ann', '2024-01-01T03:00:00Z', '1'),
      // Half past eleven on 31 March, summer time: won back in March, though it is April in UTC.
      order('ann', '2024-04-01T03:30:00Z', '2'),
    ]);
    expect(await winback()).toEqual([['2024-03-01', 1, 1, 0, 1]]);
  });

  it('of one workspace do not lapse because another has gone on selling', async () => {
    await analytics.touchpoints([
      order('ann', '2024-01-01T10:00:00Z', '1'),
      { ...order('far', '2024-12-01T10:00:00Z', '1'), workspaceId: 'other' },
    ]);
    expect(await winback()).toEqual([]);
    expect(await winback('other')).toEqual([]);
  });
});

describe('the time to the next purchase', () => {
  it('is that of Kaplan and Meier, of days on which somebody bought, once each', async () => {
    await analytics.touchpoints([
      // ann: 10 days, then 20 until the last day; bob: 30 days of waiting; cid: bought on the last day.
      order('ann', '2024-01-01T10:00:00Z', '1'),
      order('ann', '2024-01-01T18:00:00Z', '2'),
      order('phone', '2024-01-11T10:00:00Z', '3'),
      order('bob', '2024-01-01T10:00:00Z', '4'),
      order('cid', '2024-01-31T10:00:00Z', '5'),
      erased(order('gone', '2024-02-20T10:00:00Z', '9')),
    ]);
    await analytics.merge('ann', 'phone');
    // Of three who had waited ten days one bought: 1 - 1/3.
    expect(await survival()).toEqual([
      [0, 4, 0, 1, 1, 0],
      [10, 3, 1, 0, 0.6667, 0.3333],
      [20, 2, 0, 1, 0.6667, 0.3333],
      [30, 1, 0, 1, 0.6667, 0.3333],
    ]);
    expect(await survival(2)).toEqual([[20, 1, 0, 1, 1, 0]]);
    // Without bob and cid, who ordered on one day only.
    expect(await survival(0, 0)).toEqual([
      [10, 2, 1, 0, 0.5, 0.5],
      [20, 1, 0, 1, 0.5, 0.5],
    ]);
    // ann bought on two days, three times: (3 + 1 + 1) / 3.
    expect(await repeat()).toEqual([[3, 1, 1, 1 / 3, 5 / 3]]);
    expect(
      await analytics.rows(
        'SELECT toString(day), orders, revenue, number, toString(day_after) FROM purchases WHERE orders > 1 OR number > 1 ORDER BY day',
      ),
    ).toEqual([
      ['2024-01-01', 2, '20', 1, '2024-01-11'],
      ['2024-01-11', 1, '10', 2, null],
    ]);
  });

  it('counts days of orders, and has refunds and guests apart', async () => {
    await analytics.touchpoints([
      order('ann', '2024-01-01T10:00:00Z', '1'),
      order('ann', '2024-01-11T10:00:00Z', '2'),
      order('ann', '2024-01-11T12:00:00Z', '2'),
      track('ann', '2024-01-05T10:00:00Z', 'Order Refunded', { order_id: '1', total: 4 }),
      // A refund of what was ordered elsewhere: the person bought nothing here.
      track('bob', '2024-01-06T10:00:00Z', 'Order Refunded', { order_id: '7', total: 1 }),
      touchpoint('guest', '2024-01-07T10:00:00Z', {
        event: 'Order Completed',
        properties: { order_id: '3', total: 5 },
        userId: undefined,
        anonymousId: 'guest',
      }),
    ]);
    expect(
      await analytics.rows(
        'SELECT toString(day), is_customer, orders, revenue, refunded, number, toString(day_before), toString(day_after) FROM purchase_days ORDER BY day',
      ),
    ).toEqual([
      ['2024-01-01', 1, 1, '10', '0', 1, null, '2024-01-11'],
      ['2024-01-05', 1, 0, '0', '4', 0, null, null],
      ['2024-01-06', 1, 0, '0', '1', 0, null, null],
      ['2024-01-07', 0, 1, '5', '0', 1, null, null],
      ['2024-01-11', 1, 1, '10', '0', 2, '2024-01-01', null],
    ]);
    expect(await analytics.rows('SELECT toString(day), number FROM purchases ORDER BY day')).toEqual([
      ['2024-01-01', 1],
      ['2024-01-11', 2],
    ]);
  });

  it('puts the last day of an earlier quarter beside every day of a quarter, whatever the order of arrival', async () => {
    await analytics.touchpoints([
      order('ann', '2024-07-20T10:00:00Z', '5'),
      order('ann', '2024-04-20T10:00:00Z', '4'),
      order('ann', '2024-01-01T10:00:00Z', '1'),
      order('ann', '2024-04-02T10:00:00Z', '3'),
      track('ann', '2024-04-05T10:00:00Z', 'Order Refunded', { order_id: '3', total: 4 }),
      order('phone', '2024-03-31T10:00:00Z', '2'),
    ]);
    await analytics.merge('ann', 'phone');
    expect(
      await analytics.rows(
        'SELECT toString(day), number, toString(day_before_quarter) FROM purchase_days ORDER BY day',
      ),
    ).toEqual([
      ['2024-01-01', 1, null],
      ['2024-03-31', 2, null],
      ['2024-04-02', 3, '2024-03-31'],
      ['2024-04-05', 0, null],
      ['2024-04-20', 4, '2024-03-31'],
      ['2024-07-20', 5, '2024-04-20'],
    ]);
  });
});
