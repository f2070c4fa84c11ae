import { erased, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
/** A shop in Berlin that sold nothing yet: a dollar is worth half a euro, of other money nothing is known. */
async function empty(): Promise<void> {
  await analytics.clear();
  await analytics.workspace({ timeZone: 'Europe/Berlin' });
  await analytics.insert('loaded_exchange_rates', [
    {
      ...{ workspace_id: 'default', currency: 'USD', valid_from: '2024-01-01', to_currency: 'EUR', rate: '0.5' },
      loaded_at: '2024-06-01 00:00:00.000',
    },
  ]);
}
beforeEach(empty);

const order = (person: string, at: string, id: string, total: number, currency = 'EUR') =>
  track(person, at, 'Order Completed', { order_id: id, total, currency });
const visit = order('visitor', '2024-03-20T10:00:00Z', '6', 7);
const facts = [
  order('ann', '2024-01-05T10:00:00Z', '1', 30),
  // Sent again, corrected.
  order('ann', '2024-01-05T10:05:00Z', '1', 40),
  // What was given back is no part of it: money is gross.
  track('ann', '2024-01-10T10:00:00Z', 'Order Refunded', { order_id: '1' }),
  // Half past eleven on 31 March in Berlin, on the day on which summer time began: the day before 1 April. 20 USD are 10 EUR.
  order('phone', '2024-03-31T21:30:00Z', '2', 20, 'USD'),
  // No rate: it counts, its money does not.
  order('bob', '2024-02-01T10:00:00Z', '3', 9, 'GBP'),
  // Half past midnight on 1 April in Berlin: not before that day.
  order('bob', '2024-03-31T22:30:00Z', '4', 9),
  order('cid', '2024-03-01T10:00:00Z', '5', 100),
  // A guest who never named a userId, and a person who was erased.
  { ...visit, content: { ...visit.content, userId: undefined, anonymousId: 'device' } },
  erased(order('gone', '2024-03-20T10:00:00Z', '7', 7)),
];

describe('RFM', () => {
  const rfm = (columns: string, ties = 'ntile') =>
    analytics.rows(`SELECT ${columns} FROM rfm(as_of = '2024-04-01', ties = '${ties}') ORDER BY profile_id`);

  it('is of people as they are today, before the day of the workspace, in its currency, whatever the order of arrival', async () => {
    for (const arriving of [facts, facts.toReversed()]) {
      await empty();
      for (const fact of arriving) await analytics.touchpoints([fact]);
      await analytics.merge('ann', 'phone');
      expect(await rfm('profile_id, recency_days, frequency, monetary')).toEqual([
        ['ann', 1, 2, '50'],
        ['bob', 60, 1, '0'],
        ['cid', 31, 1, '100'],
      ]);
    }
  });

  // Quantiles of recency (1, 31, 60): 13, 25, 36.8, 48.4; of frequency (1, 1, 2): 1, 1, 1.2, 1.6; of money (0, 50, 100): 20, 40, 60, 80.
  it.each([
    ['ntile', [532, 311, 423]],
    ['quantile', [553, 111, 315]],
    ['quantile-plus-one', [533, 111, 315]],
  ])('scores equal values by the convention %s', async (ties, scores) => {
    await analytics.touchpoints(facts);
    await analytics.merge('ann', 'phone');
    expect((await rfm('rfm_score', ties)).flat()).toEqual(scores);
  });

  it('is of nobody where nobody ordered', async () => {
    expect(await rfm('*')).toEqual([]);
  });
});
