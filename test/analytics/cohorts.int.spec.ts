import { erased, page, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
  // All stands on the edges of months in Berlin, before and after summer time began there on 31 March.
  await analytics.workspace({ timeZone: 'Europe/Berlin' });
  await analytics.touchpoints([
    // Ann: by an advertisement, ten minutes past midnight on 1 February; a second order half past midnight on 1 April, on her phone.
    page('ann', '2024-01-31T23:10:00Z', { source: 'google', medium: 'cpc', name: 'spring' }),
    track('ann', '2024-01-31T23:30:00Z', 'Signed Up'),
    order('ann', '2024-02-01T10:00:00Z', '1', 100, { coupon: 'WELCOME', products: [{ product_id: 'mug' }] }),
    order('phone', '2024-03-31T22:30:00Z', '2', 20),
    track('phone', '2024-03-31T22:30:00Z', 'Product Viewed'),
    // Bob: nothing led him here; two orders, one of them told twice, and something given back.
    order('bob', '2024-02-05T10:00:00Z', '3', 50, { products: [{ product_id: 'tea' }] }),
    order('bob', '2024-02-05T10:00:00Z', '3', 50, { products: [{ product_id: 'tea' }] }),
    order('bob', '2024-02-06T10:00:00Z', '4', 10),
    track('bob', '2024-03-10T10:00:00Z', 'Order Refunded', { order_id: '3', total: 20 }),
    // Cid: by the same advertisement, one order. And one who was erased.
    page('cid', '2024-03-04T09:00:00Z', { source: 'google', medium: 'cpc', name: 'spring' }),
    order('cid', '2024-03-04T10:00:00Z', '5', 30, { coupon: 'WELCOME', products: [{ product_id: 'mug' }] }),
    erased(order('gone', '2024-02-04T10:00:00Z', '6', 30)),
  ]);
  await analytics.merge('ann', 'phone');
  await analytics.insert('memberships', [entered('ann', '2024-02-20', 1), entered('bob', '2024-03-05', 2)]);
}, 120_000);
afterAll(() => analytics.stop());

function order(person: string, at: string, id: string, total: number, properties = {}) {
  return track(person, at, 'Order Completed', { order_id: id, total, ...properties });
}
function entered(person: string, day: string, offset: number) {
  const at = `${day} 10:00:00.000`;
  return {
    ...{ workspace_id: 'default', profile_id: person, segment_id: 'vip', change: 'entered', timestamp: at },
    ...{ decided_at: at, cause_id: '', imported: false, appended_at: at, log_partition: 0, log_offset: offset },
  };
}
interface Asked {
  readonly by?: string;
  readonly period?: string;
  readonly form?: string;
  readonly event?: string;
  readonly singles?: number;
}
const retention = (
  columns: string,
  { by = 'first-purchase', period = 'month', form = 'bounded', event = 'Order Completed', singles = 1 }: Asked,
  where = 'true',
) =>
  analytics.rows(
    `SELECT ${columns} FROM retention(workspace = 'default', by = '${by}', period = '${period}', form = '${form}', event = '${event}', ages = 100, single_purchases = ${singles}) WHERE ${where} ORDER BY cohort, cohort_start, age`,
  );

describe('cohorts', () => {
  const ann = [1, 0, 1];
  const bob = [1, 0, 0];
  const cid = [1, 0];
  const [february, march] = ['2024-02-01', '2024-03-01'];

  it.each([
    [
      'first-purchase',
      [
        ['', february, [2, 0, 1]],
        ['', march, cid],
      ],
    ],
    [
      'sign-up',
      [
        ['', february, [2, 0, 1]],
        ['', march, cid],
      ],
    ],
    [
      'source',
      [
        ['(direct)', february, bob],
        ['google', february, ann],
        ['google', march, cid],
      ],
    ],
    [
      'campaign',
      [
        ['', february, bob],
        ['spring', february, ann],
        ['spring', march, cid],
      ],
    ],
    [
      'first-product',
      [
        ['mug', february, ann],
        ['mug', march, cid],
        ['tea', february, bob],
      ],
    ],
    [
      'offer',
      [
        ['', february, bob],
        ['WELCOME', february, ann],
        ['WELCOME', march, cid],
      ],
    ],
    // Bob entered in March and ordered nothing since.
    [
      'segment',
      [
        ['vip', february, ann],
        ['vip', march, [0, 0]],
      ],
    ],
  ])('by %s are told apart, and counted by calendar months of the workspace', async (by, expected) => {
    const found = await analytics.rows(
      `SELECT cohort, toString(cohort_start), groupArray(active) FROM (SELECT * FROM retention(workspace = 'default', by = '${by}', period = 'month', form = 'bounded', event = 'Order Completed', ages = 100, single_purchases = 1) ORDER BY cohort, cohort_start, age) GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    expect(found).toEqual(expected);
  });

  it.each([
    [
      'day',
      [
        ['2024-02-01', 0, 1],
        ['2024-02-01', 60, 1],
        ['2024-02-05', 0, 1],
        ['2024-02-05', 1, 1],
        ['2024-03-04', 0, 1],
      ],
    ],
    // Weeks begin on Monday; 1 February is a Thursday, 1 April a Monday.
    [
      'week',
      [
        ['2024-01-29', 0, 1],
        ['2024-01-29', 9, 1],
        ['2024-02-05', 0, 1],
        ['2024-03-04', 0, 1],
      ],
    ],
    [
      'month',
      [
        ['2024-02-01', 0, 2],
        ['2024-02-01', 2, 1],
        ['2024-03-01', 0, 1],
      ],
    ],
    [
      'quarter',
      [
        ['2024-01-01', 0, 3],
        ['2024-01-01', 1, 1],
      ],
    ],
  ])('are of a %s', async (period, expected) => {
    expect(await retention('toString(cohort_start), age, active', { period }, 'active > 0')).toEqual(expected);
  });

  it.each([
    [
      'bounded',
      [
        [2, 2, 2],
        [2, 2, 0],
        [2, 2, 1],
        [1, 1, 1],
        [1, 1, 0],
      ],
    ],
    // In that month or any later one.
    [
      'rolling',
      [
        [2, 2, 2],
        [2, 2, 1],
        [2, 2, 1],
        [1, 1, 1],
        [1, 1, 0],
      ],
    ],
    // Sixty days after her first Ann began her third thirty days; nobody else can have come so far, and Cid not beyond his first.
    [
      'n-day',
      [
        [2, 2, 2],
        [2, 2, 0],
        [1, 1, 1],
        [1, 1, 1],
      ],
    ],
  ])('come back in the form %s', async (form, expected) => {
    expect(await retention('people, eligible, active', { form })).toEqual(expected);
  });

  it('leave out who ordered on one day only, and count another event than orders, where told to', async () => {
    expect(await retention('toString(cohort_start), active', { singles: 0 })).toEqual([
      [february, 2],
      [february, 0],
      [february, 1],
    ]);
    expect(
      await retention('toString(cohort_start), active', { by: 'source', event: 'Product Viewed' }, "cohort = 'google'"),
    ).toEqual([
      [february, 0],
      [february, 0],
      [february, 1],
      [march, 0],
      [march, 0],
    ]);
  });

  it('are worth what they paid less what was given back, gross and net of what grew', async () => {
    const value = `SELECT toString(cohort_start), age, acquired, customers, revenue, cumulative_revenue, ltv_per_customer, kept_revenue, gross_revenue_retention, net_revenue_retention
      FROM cohort_value(workspace = 'default', by = 'first-purchase', period = 'month', ages = 100, single_purchases = 1)`;
    // Ann 100 and Bob 60 at first; 20 given back to Bob in March; in April Ann's 20, of the 100 that she began with.
    expect(await analytics.rows(value)).toEqual([
      [february, 0, 2, 2, '160', '160', '80', '160', 1, 1],
      [february, 1, 2, 2, '-20', '140', '70', '-20', 0, -0.125],
      [february, 2, 2, 2, '20', '160', '80', '20', 0.125, 0.125],
      [march, 0, 1, 1, '30', '30', '30', '30', 1, 1],
      [march, 1, 1, 1, '0', '30', '30', '0', 0, 0],
    ]);
  });
});
