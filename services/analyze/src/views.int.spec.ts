import { identified, merged, order, refund, shop, split, startAnalytics, type Analytics } from './testing/analytics.js';

let analytics: Analytics;
const given: Analytics['given'] = (facts) => analytics.given(facts);
const rows: Analytics['rows'] = (query) => analytics.rows(query);

beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(() => analytics.clear());

describe('cohort_retention_monthly and ltv_by_cohort_monthly', () => {
  it('hold nothing while nobody has ordered', async () => {
    await given({ workspaces: [shop()], touchpoints: [identified('ann', '2024-01-01T00:00:00Z')] });
    expect(await retention()).toEqual([]);
    expect(await lifetimeValue()).toEqual([]);
  });

  it('count customers by the month of their first order, and fill months in which nobody ordered', async () => {
    // Given two customers of January, one of whom orders again in April, and one of March
    await given({
      workspaces: [shop()],
      touchpoints: [
        order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 10 }),
        order('bob', '2024-01-20T10:00:00Z', { order_id: '2', total: 20 }),
        order('cid', '2024-03-01T10:00:00Z', { order_id: '3', total: 5.5 }),
        order('ann', '2024-04-30T10:00:00Z', { order_id: '4', total: '2.25' }),
      ],
    });
    // Then every cohort has every month up to the last order
    expect(await retention()).toEqual([
      ['2024-01-01', 0, 2, 2, 1],
      ['2024-01-01', 1, 2, 0, 0],
      ['2024-01-01', 2, 2, 0, 0],
      ['2024-01-01', 3, 2, 1, 0.5],
      ['2024-03-01', 0, 1, 1, 1],
      ['2024-03-01', 1, 1, 0, 0],
    ]);
    expect(await lifetimeValue()).toEqual([
      ['2024-01-01', 0, 2, '30', '30', '15'],
      ['2024-01-01', 1, 2, '0', '30', '15'],
      ['2024-01-01', 2, 2, '0', '30', '15'],
      ['2024-01-01', 3, 2, '2.25', '32.25', '16.125'],
      ['2024-03-01', 0, 1, '5.5', '5.5', '5.5'],
      ['2024-03-01', 1, 1, '0', '5.5', '5.5'],
    ]);
  });

  it('have exactly the promised columns', async () => {
    const columnsOf = async (view: string): Promise<unknown> =>
      rows(
        `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${view}' ORDER BY position`,
      );
    expect(await columnsOf('cohort_retention_monthly')).toEqual([
      ['cohort_month', 'Date'],
      ['age_months', 'UInt16'],
      ['customers', 'UInt64'],
      ['active', 'UInt64'],
      ['retention', 'Float64'],
    ]);
    expect(await columnsOf('ltv_by_cohort_monthly')).toEqual([
      ['cohort_month', 'Date'],
      ['age_months', 'UInt16'],
      ['customers', 'UInt64'],
      ['revenue', 'Decimal(38, 4)'],
      ['cumulative_revenue', 'Decimal(38, 4)'],
      ['ltv', 'Decimal(38, 4)'],
    ]);
  });

  it('move a customer to an earlier cohort when an older order arrives late', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [order('ann', '2024-03-05T10:00:00Z', { order_id: '1', total: 10 })],
    });
    expect(await retention()).toEqual([['2024-03-01', 0, 1, 1, 1]]);
    // When an order from January is recorded after the one from March
    await given({ touchpoints: [order('ann', '2024-01-05T10:00:00Z', { order_id: '0', total: 1 })] });
    expect((await retention())[0]).toEqual(['2024-01-01', 0, 1, 1, 1]);
    expect(await retention()).toHaveLength(3);
  });

  it('take an order id that was sent again as the same order, the newest by event time', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [
        order('ann', '2024-01-05T11:00:00Z', { order_id: '1', total: 12 }),
        order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 10 }),
      ],
    });
    expect(await lifetimeValue()).toEqual([['2024-01-01', 0, 1, '12', '12', '12']]);
    expect(await rows('SELECT order_id, total FROM orders')).toEqual([['1', '12']]);
  });

  it('keep orders without an id apart, each an order of its own', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [
        order('ann', '2024-01-05T11:00:00Z', { total: 1 }),
        order('ann', '2024-01-05T11:00:00Z', { total: 2 }),
      ],
    });
    expect(await lifetimeValue()).toEqual([['2024-01-01', 0, 1, '3', '3', '3']]);
  });

  it('take refunds off in the month they happen, parts and whole orders, whatever their sign', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [
        order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 100 }),
        order('bob', '2024-01-05T10:00:00Z', { order_id: '2', total: 50 }),
        refund('ann', '2024-02-01T10:00:00Z', { order_id: '1', total: 10 }),
        refund('ann', '2024-02-02T10:00:00Z', { order_id: '1', total: -5 }),
        // One without money gives the whole order back.
        refund('bob', '2024-03-01T10:00:00Z', { order_id: '2' }),
        // One of an order before all that is known counts in the first month.
        refund('ann', '2023-12-01T10:00:00Z', { order_id: '0', total: 1 }),
      ],
    });
    expect(await lifetimeValue()).toEqual([
      ['2024-01-01', 0, 2, '149', '149', '74.5'],
      ['2024-01-01', 1, 2, '-15', '134', '67'],
      ['2024-01-01', 2, 2, '-50', '84', '42'],
    ]);
    // And nothing happened to retention: a refund is no order.
    expect(await retention()).toEqual([['2024-01-01', 0, 2, 2, 1]]);
  });

  it('follow merges, whatever order they are recorded in', async () => {
    // Given one person under three profiles
    await given({
      workspaces: [shop()],
      touchpoints: [
        order('phone', '2024-01-05T10:00:00Z', { order_id: '1', total: 1 }, { userId: undefined }),
        order('laptop', '2024-02-05T10:00:00Z', { order_id: '2', total: 2 }, { userId: undefined }),
        order('ann', '2024-03-05T10:00:00Z', { order_id: '3', total: 4 }),
      ],
      events: [merged(2, 'ann', ['laptop', 'phone']), merged(1, 'laptop', ['phone'])],
    });
    // Then she is one customer since January
    expect(await retention()).toEqual([
      ['2024-01-01', 0, 1, 1, 1],
      ['2024-01-01', 1, 1, 1, 1],
      ['2024-01-01', 2, 1, 1, 1],
    ]);
    expect(await rows('SELECT profile_id, order_count, net_revenue FROM profiles')).toEqual([['ann', 3, '7']]);
    expect(await rows('SELECT DISTINCT profile_id FROM touchpoints')).toEqual([['ann']]);
  });

  it('give each their own back when a merge is undone, before or after it is recorded', async () => {
    // Given two people, and a phone, that were one for a while; touchpoints of that time were resolved to the survivor
    const together = { ...order('ann', '2024-02-05T10:00:00Z', { order_id: '3', total: 4 }), loneProfileId: 'bob' };
    const facts = [merged(1, 'ann', ['bob', 'phone']), split(2, 'ann', 'bob', ['bob', 'phone'])];
    for (const identities of [facts, facts.toReversed()]) {
      await analytics.clear();
      await given({
        workspaces: [shop()],
        touchpoints: [
          order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 1 }),
          order('phone', '2024-01-06T10:00:00Z', { order_id: '2', total: 2 }, { userId: undefined }),
          together,
        ],
        events: identities,
      });
      expect(await rows('SELECT profile_id, order_count, net_revenue FROM profiles ORDER BY 1')).toEqual([
        ['ann', 1, '1'],
        ['bob', 2, '6'],
      ]);
      expect(await retention()).toEqual([
        ['2024-01-01', 0, 2, 2, 1],
        ['2024-01-01', 1, 2, 1, 0.5],
      ]);
      expect(await rows("SELECT recorded_profile_id FROM touchpoints WHERE order_id = '3'")).toEqual([['ann']]);
    }
  });

  it('leave out guests who never were anybody', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [order('guest', '2024-01-05T10:00:00Z', { order_id: '1', total: 1 }, { userId: undefined })],
    });
    expect(await retention()).toEqual([]);
    expect(await rows('SELECT profile_id, is_person, order_count FROM profiles')).toEqual([['guest', false, 1]]);
  });

  it("count months in the workspace's time zone", async () => {
    // Given an order at half past eleven in the evening of 31 January, UTC
    const evening = order('ann', '2024-01-31T23:30:00Z', { order_id: '1', total: 1 });
    await given({ workspaces: [shop({ timeZone: 'Europe/Berlin' })], touchpoints: [evening] });
    expect(await retention()).toEqual([['2024-02-01', 0, 1, 1, 1]]);
    await given({ workspaces: [shop({ timeZone: 'America/New_York' })] });
    expect(await retention()).toEqual([['2024-01-01', 0, 1, 1, 1]]);
  });

  it('never add up two currencies: the workspace reports in its own', async () => {
    await given({
      workspaces: [shop({ currency: 'EUR' })],
      touchpoints: [
        order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 10, currency: 'eur' }),
        order('ann', '2024-01-06T10:00:00Z', { order_id: '2', total: 5 }),
        order('bob', '2024-01-07T10:00:00Z', { order_id: '3', total: 70, currency: 'USD' }),
      ],
    });
    expect(await lifetimeValue()).toEqual([['2024-01-01', 0, 2, '15', '15', '7.5']]);
    expect(
      await rows('SELECT currency, customers, revenue FROM workspace_ltv_by_cohort_monthly ORDER BY currency'),
    ).toEqual([
      ['EUR', 2, '15'],
      ['USD', 2, '70'],
    ]);
  });

  it('show the currency of most orders when none is in the workspace’s own', async () => {
    await given({
      workspaces: [shop({ currency: 'EUR' })],
      touchpoints: [order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 10, currency: 'GBP' })],
    });
    expect(await lifetimeValue()).toEqual([['2024-01-01', 0, 1, '10', '10', '10']]);
  });

  it('keep workspaces apart and show the default one', async () => {
    const elsewhere = { ...order('ann', '2023-01-05T10:00:00Z', { order_id: '1', total: 9 }), workspaceId: 'other' };
    await given({
      workspaces: [shop(), { ...shop(), id: 'other' }],
      touchpoints: [elsewhere, order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 1 })],
    });
    expect(await lifetimeValue()).toEqual([['2024-01-01', 0, 1, '1', '1', '1']]);
    expect(await rows('SELECT workspace_id, total FROM orders ORDER BY 1')).toEqual([
      ['default', '1'],
      ['other', '9'],
    ]);
  });

  it('count an order whose money cannot be read, as an order without money', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [
        order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 'a lot' }),
        order('ann', '2024-01-05T11:00:00Z', { order_id: '2', total: 1e300, revenue: 3 }),
      ],
    });
    expect(await lifetimeValue()).toEqual([['2024-01-01', 0, 1, '3', '3', '3']]);
  });

  it('know nothing of an erased order but that there was a touchpoint', async () => {
    await given({
      workspaces: [shop()],
      touchpoints: [{ ...order('ann', '2024-01-05T10:00:00Z', { order_id: '1', total: 9 }), content: undefined }],
    });
    expect(await lifetimeValue()).toEqual([]);
    expect(await rows('SELECT erased, order_id, properties, total FROM touchpoints')).toEqual([[true, '', '{}', null]]);
  });
});

const retention = (): Promise<unknown[][]> => rows('SELECT * FROM cohort_retention_monthly');
const lifetimeValue = (): Promise<unknown[][]> => rows('SELECT * FROM ltv_by_cohort_monthly');
