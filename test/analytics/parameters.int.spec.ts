import { startAnalytics, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
  await analytics.workspace();
});
afterAll(() => analytics.stop());

const days = { from: '2024-01-01 00:00:00.000', to: '2024-02-01 00:00:00.000' };
const cohorts = { by: 'source', period: 'month', ages: 3, single_purchases: 1 };
const paths = { conversion: 'Order Completed', ...days, lookback_seconds: 3_600, restart: 1, by: 'channel' };
const funnel = { steps: ['a', 'b'], window_seconds: 60, exclude: [], breakdown: '', ...days };
const views: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  retention: { ...cohorts, form: 'bounded', event: 'Order Completed' },
  cohort_value: cohorts,
  cohort_margin: cohorts,
  survey_feedback: { ...days, by: 'all' },
  subscription_survival: { by: '', cause: '' },
  conversion_paths: paths,
  attribution: { ...paths, half_life_hours: 24 },
  funnel,
};

const written = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(written).join(', ')}]`
    : typeof value === 'number'
      ? `${value}`
      : `'${String(value)}'`;
const ask = (view: string, other: Readonly<Record<string, unknown>> = {}) => {
  const all = Object.entries({ workspace: 'default', ...views[view], ...other });
  return analytics.rows(
    `SELECT * FROM ${view}(${all.map(([name, value]) => `${name} = ${written(value)}`).join(', ')})`,
  );
};

describe('a view with parameters', () => {
  it.each(Object.keys(views))('answers without a row where nothing happened: %s', async (view) => {
    expect(await ask(view)).toEqual([]);
  });

  it.each([
    ['retention', { by: 'first_purchase' }, /by must be first-purchase, sign-up, source/],
    ['retention', { form: 'unbounded' }, /form must be bounded, rolling or n-day/],
    ['cohort_value', { by: '' }, /by must be first-purchase/],
    ['cohort_margin', { by: 'product' }, /by must be first-purchase/],
    ['survey_feedback', { by: 'theme' }, /by must be all, month, country, source or tag/],
    ['subscription_survival', { by: 'price' }, /by must be plan, interval or empty/],
    ['subscription_survival', { cause: 'payment' }, /cause must be voluntary, involuntary or empty/],
    ['conversion_paths', { by: 'referrer' }, /by must be channel, source, medium or campaign/],
    ['attribution', { by: '' }, /by must be channel, source, medium or campaign/],
    ['funnel', { breakdown: 'plan' }, /breakdown must be source, medium, campaign, country or empty/],
    [
      'funnel',
      { steps: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      /steps may be 6 at most; docs\/sql\/queries\/funnel\.sql/,
    ],
  ])('names what it does not know instead of guessing: %s %j', async (view, other, said) => {
    await expect(ask(view, other)).rejects.toThrow(said);
  });
});
