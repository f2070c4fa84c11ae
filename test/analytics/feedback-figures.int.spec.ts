import { referenceFigures } from '@rapport/testing';
import { dataSet, describeWith } from '../figures/data-set.js';
import { startAnalytics, type Analytics } from './analytics.js';

interface Figures {
  readonly by_market: Readonly<
    Record<string, { readonly n: number; readonly nps: number; readonly margin: number; readonly promoters: number }>
  >;
  readonly olist_csat: {
    readonly n: number;
    readonly mean: number;
    readonly csat_4_5: number;
    readonly wilson: readonly [number, number];
  };
}

const nps = ['surveys/nps_bank_timeseries.csv.gz'];
/** Its orders and customers lie beside it. */
const reviews = ['olist/olist_order_reviews.csv.gz'];
const always = `workspace = 'default', from = '2000-01-01 00:00:00.000', to = '2100-01-01 00:00:00.000'`;

describeWith([...nps, ...reviews, 'reference/surveys_nps.json'])('feedback on the real files', () => {
  let analytics: Analytics;
  let figures: Figures;
  beforeAll(async () => {
    figures = referenceFigures<{ verified_here: Figures }>('surveys_nps').verified_here;
    analytics = await startAnalytics();
    await analytics.workspace();
    for await (const touchpoints of dataSet('nps-bank', nps)) await analytics.touchpoints(touchpoints);
    for await (const touchpoints of dataSet('olist-reviews', reviews)) await analytics.touchpoints(touchpoints);
  });
  afterAll(() => analytics.stop());

  it('has the NPS of a bank by market, with margins', async () => {
    const found = await analytics.rows(
      `SELECT label, responses, nps, nps_margin, promoters / responses FROM survey_feedback(${always}, by = 'country') WHERE kind = 'nps' ORDER BY label`,
    );
    expect(found.map(([market]) => market)).toEqual(Object.keys(figures.by_market));
    for (const [market, responses, score, margin, promoters] of found) {
      const expected = figures.by_market[String(market)];
      expect(responses).toBe(expected?.n);
      expect(Math.abs(Number(score) - (expected?.nps ?? NaN))).toBeLessThan(1e-6);
      expect(Math.abs(Number(margin) - (expected?.margin ?? NaN))).toBeLessThan(1e-4);
      expect(Math.abs(Number(promoters) - (expected?.promoters ?? NaN))).toBeLessThan(1e-9);
    }
  });

  it('has the CSAT of Olist with its Wilson interval', async () => {
    const [found] = await analytics.rows(
      `SELECT reviews, average_rating, csat, csat_lower, csat_upper FROM review_feedback(${always})`,
    );
    const { n, mean, csat_4_5: csat, wilson } = figures.olist_csat;
    expect(found?.[0]).toBe(n);
    [mean, csat, ...wilson].forEach((expected, at) => {
      expect(Math.abs(Number(found?.[at + 1]) - expected)).toBeLessThan(1e-6);
    });
  });
});
