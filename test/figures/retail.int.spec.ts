import { referenceFigures } from '@rapport/testing';
import { describeWith } from './data-set.js';
import { startFigures, type Figures } from './figures.js';

type Counts = Readonly<Record<string, number>>;

interface Reference {
  readonly verified_here: {
    readonly lines_kept: number;
    readonly customers: number;
    readonly invoices: number;
    readonly revenue: number;
    readonly repeat_purchase: {
      readonly by_invoice: { readonly customers: number; readonly rate: number };
      readonly by_day: { readonly customers: number; readonly rate: number };
    };
    readonly rfm: {
      readonly snapshot: string;
      readonly recency_days: { readonly min: number; readonly median: number; readonly max: number };
      readonly frequency: { readonly median: number; readonly max: number };
      readonly monetary: { readonly median: number; readonly max: number };
      readonly quantile_edges: Readonly<Record<'recency' | 'frequency' | 'monetary', readonly number[]>>;
      readonly scores: Readonly<
        Record<
          string,
          {
            readonly R: Counts;
            readonly F: Counts;
            readonly M: Counts;
            readonly cells_used: number;
            readonly top_cell_555: number;
            readonly bottom_cell_111: number;
            readonly sample: Counts;
          }
        >
      >;
      readonly values: Readonly<
        Record<string, { readonly recency: number; readonly frequency: number; readonly monetary: number }>
      >;
    };
    readonly monthly_cohorts_active_customers: Readonly<Record<string, readonly number[]>>;
    readonly monthly_revenue: Counts;
    readonly historical_ltv_by_cohort_month: Counts;
    readonly top_countries: readonly [string, number][];
    readonly pareto_share_top_20pct: number;
  };
}

const file = 'online_retail/online_retail_II_2009_2010.csv.gz';
const conventions = [
  ['rfm_r', 'quantile-plus-one'],
  ['le_q', 'quantile'],
  ['ntile', 'ntile'],
] as const;

/** The invoices of a real shop (UCI Online Retail II, 2009-12 to 2010-12), and figures that others computed from them. */
describeWith([file])('the figures of a real shop', () => {
  let figures: Figures;
  let reference: Reference['verified_here'];

  beforeAll(async () => {
    reference = referenceFigures<Reference>('retail_2009_2010').verified_here;
    figures = await startFigures('GBP');
    // The published figures are gross: without the credit notes, which the importer sends as refunds.
    await figures.load('online-retail', [file], { butFor: 'Order Refunded' });
  }, 600_000);
  afterAll(() => figures.stop());

  const expectMoney = (found: unknown, expected: number | undefined) =>
    expect(Math.abs(Number(found) - (expected ?? Number.NaN))).toBeLessThanOrEqual(0.02);

  it('has the customers, invoices and revenue that others counted', async () => {
    const [row] = await figures.rows('SELECT uniqExact(profile_id), count(), sum(total) FROM orders');
    expect(row?.slice(0, 2)).toEqual([reference.customers, reference.invoices]);
    expectMoney(row?.[2], reference.revenue);
    const [lines] = await figures.rows('SELECT count(), sum(reported_amount) FROM order_lines');
    expect(lines?.[0]).toBe(reference.lines_kept);
    expectMoney(lines?.[1], reference.revenue);
  });

  it('has their recency, frequency and money: smallest, median, largest, and the edges of the fifths', async () => {
    const { snapshot, recency_days: recency, frequency, monetary, quantile_edges: edges } = reference.rfm;
    const fifths = (column: string) => `quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(${column}))`;
    const [row = []] = await figures.rows(
      `SELECT min(recency_days), medianExact(recency_days), max(recency_days), medianExact(frequency), max(frequency),
         quantileExactInclusive(0.5)(toFloat64(monetary)), max(monetary), ${fifths('recency_days')}, ${fifths('frequency')}, ${fifths('monetary')}
       FROM rfm(as_of = '${snapshot}', ties = 'quantile')`,
    );
    expect(row.slice(0, 5)).toEqual([...[recency.min, recency.median, recency.max, frequency.median, frequency.max]]);
    expectMoney(row[5], monetary.median);
    expectMoney(row[6], monetary.max);
    expect(row.slice(7, 9)).toEqual([edges.recency, edges.frequency]);
    (row[9] as readonly number[]).forEach((edge, at) => expectMoney(edge, edges.monetary[at]));
  });

  it('has the customers of their countries, and the part of the money that the best fifth of customers brought', async () => {
    expect(
      await figures.rows(
        "SELECT value AS country, uniqExact(profile_id) AS customers FROM trait_history WHERE trait = 'country' AND profile_id IN (SELECT profile_id FROM customers) GROUP BY country ORDER BY customers DESC LIMIT 5",
      ),
    ).toEqual(reference.top_countries);
    const [share] = await figures.rows(
      'SELECT sumIf(net_revenue, place <= floor(0.2 * people)) / sum(net_revenue) FROM (SELECT toFloat64(net_revenue) AS net_revenue, row_number() OVER (ORDER BY net_revenue DESC) AS place, count() OVER () AS people FROM customers)',
    );
    expect(share?.[0]).toBeCloseTo(reference.pareto_share_top_20pct, 4);
  });

  it('has their repeat purchases, by order and by day', async () => {
    const [byOrder] = await figures.rows(
      'SELECT countIf(order_count > 1) AS again, again / countIf(order_count > 0) FROM profiles',
    );
    expect(byOrder).toEqual([
      reference.repeat_purchase.by_invoice.customers,
      reference.repeat_purchase.by_invoice.rate,
    ]);
    const [byDay] = await figures.rows(
      'SELECT countIf(days > 1) AS again, again / count() FROM (SELECT uniqExact(toDate(ordered_at)) AS days FROM orders GROUP BY profile_id)',
    );
    expect(byDay).toEqual([reference.repeat_purchase.by_day.customers, reference.repeat_purchase.by_day.rate]);
  });

  it('has their monthly cohorts, every cell', async () => {
    const cells = await figures.rows(
      "SELECT formatDateTime(cohort_month, '%Y-%m'), groupArray(active), any(customers) FROM (SELECT * FROM cohort_retention_monthly ORDER BY cohort_month, age_months) GROUP BY 1 ORDER BY 1",
    );
    const expected = Object.entries(reference.monthly_cohorts_active_customers);
    expect(cells).toEqual(expected.map(([month, active]) => [month, active, active[0]]));
  });

  it('has their revenue by month, over all cohorts', async () => {
    const months = await figures.rows(
      "SELECT formatDateTime(addMonths(cohort_month, age_months), '%Y-%m') AS month, sum(revenue) FROM ltv_by_cohort_monthly GROUP BY month ORDER BY month",
    );
    expect(months.map(([month]) => month)).toEqual(Object.keys(reference.monthly_revenue));
    for (const [month, revenue] of months) expectMoney(revenue, reference.monthly_revenue[String(month)]);
  });

  it('has their lifetime value by cohort', async () => {
    const cohorts = await figures.rows(
      "SELECT formatDateTime(cohort_month, '%Y-%m') AS month, argMax(ltv, age_months) FROM ltv_by_cohort_monthly GROUP BY month ORDER BY month",
    );
    expect(cohorts.map(([month]) => month)).toEqual(Object.keys(reference.historical_ltv_by_cohort_month));
    for (const [month, ltv] of cohorts) expectMoney(ltv, reference.historical_ltv_by_cohort_month[String(month)]);
  });

  describe.each(conventions)('RFM under the convention %s', (published, ties) => {
    const rfm = () => `rfm(as_of = '${reference.rfm.snapshot}', ties = '${ties}')`;
    const counts = async (column: string) =>
      Object.fromEntries(
        (await figures.rows(`SELECT toString(${column}), count() FROM ${rfm()} GROUP BY 1`)) as [string, number][],
      );

    it('has as many customers of every score', async () => {
      const expected = reference.rfm.scores[published];
      expect(await counts('recency_score')).toEqual(expected?.R);
      expect(await counts('frequency_score')).toEqual(expected?.F);
      expect(await counts('monetary_score')).toEqual(expected?.M);
      const cells = await counts('rfm_score');
      expect([Object.keys(cells).length, cells['555'], cells['111']]).toEqual([
        ...[expected?.cells_used, expected?.top_cell_555, expected?.bottom_cell_111],
      ]);
    });

    it('has the values and scores of single customers', async () => {
      const rows = await figures.rows(
        `SELECT profile_id, recency_days, frequency, monetary, rfm_score FROM ${rfm()} WHERE profile_id IN ({ids:Array(String)})`,
        { ids: Object.keys(reference.rfm.values) },
      );
      expect(rows).toHaveLength(Object.keys(reference.rfm.values).length);
      for (const [customer, recency, frequency, monetary, score] of rows) {
        const values = reference.rfm.values[String(customer)];
        expect([recency, frequency, score]).toEqual([
          ...[values?.recency, values?.frequency, reference.rfm.scores[published]?.sample[String(customer)]],
        ]);
        expectMoney(monetary, values?.monetary);
      }
    });
  });
});
