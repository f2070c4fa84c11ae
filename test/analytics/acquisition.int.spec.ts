import { page, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const loaded = { workspace_id: 'default', loaded_at: '2024-06-01 00:00:00.000' };
const rate = (currency: string, validFrom: string, worth: string, to = 'EUR') => ({
  ...{ ...loaded, currency, valid_from: validFrom, to_currency: to, rate: worth },
});
const cost = (source: string, from: string, to: string, amount: string, currency: string) => ({
  ...{ ...loaded, kind: 'acquisition', valid_from: from, valid_to: to, source, medium: '', campaign: '' },
  ...{ product_id: '', amount, currency },
});
/** One person whom the source brought, who pays 100 EUR on the day and 100 EUR ten days later. */
const customer = (source: string) => [
  page(source, '2024-01-01T09:00:00Z', { source }),
  track(source, '2024-01-01T10:00:00Z', 'Order Completed', { order_id: `${source}1`, total: 100, currency: 'EUR' }),
  track(source, '2024-01-11T10:00:00Z', 'Order Completed', { order_id: `${source}2`, total: 100, currency: 'EUR' }),
];
const sources = () =>
  analytics.rows(
    `SELECT source, acquisition_cost, unconverted_cost, cac, ltv_to_cac, payback_days FROM ltv_by_source(workspace = 'default', score = '') ORDER BY source`,
  );

describe('what a source cost', () => {
  it('is nothing known where nothing is declared', async () => {
    await analytics.touchpoints(customer('google'));
    expect(await sources()).toEqual([['google', null, {}, null, null, null]]);
  });

  it('is converted by the rates of its days', async () => {
    await analytics.insert('loaded_exchange_rates', [
      rate('USD', '2023-12-01', '0.5'),
      rate('USD', '2024-01-04', '0.8'),
      rate('USD', '2024-02-01', '9'),
      rate('CHF', '2023-12-01', '2', 'USD'),
    ]);
    await analytics.insert('loaded_costs', [
      // 2 to 5 January: 25 USD a day, two days at 0.5 and two at 0.8: 65 EUR.
      cost('google', '2024-01-02', '2024-01-05', '100', 'USD'),
      cost('google', '2024-01-02', '2024-01-02', '60', 'EUR'),
      // The last day before the next rate: 0.00008 EUR, rounded to 0.0001.
      cost('bing', '2024-01-31', '2024-01-31', '0.0001', 'USD'),
      cost('bing', '2024-01-01', '2024-01-31', '31', 'EUR'),
    ]);
    await analytics.touchpoints([...customer('google'), ...customer('bing')]);
    expect(await sources()).toEqual([
      ['bing', '31.0001', {}, '31.0001', expect.closeTo(200 / 31.0001), 0],
      // 125 EUR: the first order pays for 100 of it, the second, on day 10, for the rest.
      ['google', '125', {}, '125', 1.6, 10],
    ]);
  });

  it('stays in its currency where a rate is missing for a day of it, and then no ratio is made', async () => {
    await analytics.insert('loaded_exchange_rates', [
      rate('USD', '2024-01-03', '0.5'),
      rate('CHF', '2023-12-01', '2', 'USD'),
    ]);
    await analytics.insert('loaded_costs', [
      cost('google', '2024-01-02', '2024-01-05', '100', 'USD'),
      cost('google', '2024-02-02', '2024-02-05', '20', 'USD'),
      cost('google', '2024-01-02', '2024-01-05', '7', 'CHF'),
      cost('google', '2024-03-02', '2024-03-05', '0.5', 'CHF'),
      cost('bing', '2024-01-02', '2024-01-05', '50', 'GBP'),
    ]);
    await analytics.touchpoints([...customer('google'), ...customer('bing')]);
    expect(await sources()).toEqual([
      ['bing', null, { GBP: '50' }, null, null, null],
      ['google', '10', { CHF: '7.5', USD: '100' }, null, null, null],
    ]);
  });
});

describe('the cost of a customer', () => {
  it('is money to four places, and the ratio is of what was spent and not of the rounded share', async () => {
    await analytics.insert('loaded_costs', [cost('google', '2024-01-01', '2024-01-31', '100', 'EUR')]);
    await analytics.touchpoints(customer('google'));
    for (const person of ['ann', 'bob']) {
      await analytics.touchpoints([
        page(person, '2024-01-01T09:00:00Z', { source: 'google' }),
        track(person, '2024-01-02T10:00:00Z', 'Order Completed', { order_id: person, total: 50, currency: 'EUR' }),
      ]);
    }
    // 100 EUR for three customers, who brought 200, 50 and 50.
    expect(await sources()).toEqual([['google', '100', {}, '33.3333', 3, 0]]);
  });
});

describe('what the people of a source will bring', () => {
  it('is the newest value of the score that is asked for, of those with an order and those without', async () => {
    await analytics.touchpoints([
      ...customer('google'),
      page('ann', '2024-01-03T09:00:00Z', { source: 'google' }),
      page('bob', '2024-01-03T09:00:00Z', { source: 'bing' }),
    ]);
    const scored = (profile: string, score: string, value: number, day: number) => ({
      ...{ workspace_id: 'default', profile_id: profile, score_id: score, value, components: {}, cause_id: '' },
      ...{ computed_at: `2024-02-0${day} 00:00:00.000`, appended_at: `2024-02-0${day} 00:00:00.000` },
      ...{ log_partition: 0, log_offset: day },
    });
    await analytics.insert('scores', [
      scored('google', 'clv', 90, 1),
      scored('google', 'clv', 70.5, 2),
      scored('ann', 'clv', 10, 1),
      scored('bob', 'other', 99, 3),
    ]);
    const predicted = (score: string) =>
      analytics.rows(
        `SELECT source, acquired, customers, predicted_value FROM ltv_by_source(workspace = 'default', score = '${score}') ORDER BY source`,
      );
    expect(await predicted('clv')).toEqual([
      ['bing', 1, 0, 0],
      ['google', 2, 1, 80.5],
    ]);
    expect((await predicted('')).map(([, , , value]) => value)).toEqual([0, 0]);
  });
});

describe('what brought a person', () => {
  it('is the first other site with a name: a referrer without one hides none that comes later', async () => {
    const url = 'https://shop.example/';
    await analytics.touchpoints([
      page('ann', '2024-01-01T09:00:00Z', {}, { url, referrer: '$direct' }),
      page('ann', '2024-01-01T10:00:00Z', {}, { url, referrer: 'https://shop.example/a' }),
      page('ann', '2024-01-02T10:00:00Z', {}, { url, referrer: 'https://www.blog.example/post' }),
      page('bob', '2024-01-01T09:00:00Z', {}, { url, referrer: '$direct' }),
    ]);
    expect(
      await analytics.rows('SELECT profile_id, acquisition_source, acquisition_medium FROM people_seen ORDER BY 1'),
    ).toEqual([
      ['ann', 'blog.example', 'referral'],
      ['bob', '(direct)', '(none)'],
    ]);
  });
});
