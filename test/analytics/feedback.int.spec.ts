import { erased, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const year = { workspace: 'default', from: '2024-01-01 00:00:00.000', to: '2025-01-01 00:00:00.000' };
const feedback = (columns: string, by: string, settings: object = {}) => {
  const { workspace, from, to } = { ...year, ...settings };
  return analytics.rows(
    `SELECT ${columns} FROM survey_feedback(workspace = '${workspace}', from = '${from}', to = '${to}', by = '${by}') ORDER BY kind, survey_id, label`,
  );
};
const answered = (person: string, at: string, properties: Record<string, string | number | string[]>) =>
  track(person, at, 'Survey Responded', { survey: 'nps', ...properties });

describe('surveys', () => {
  it('give the NPS with its margin, by hand', async () => {
    // 2 promoters, 1 passive, 1 detractor: NPS 25; sqrt((0.75 - 0.0625) / 4) = 0.414578; margin 81.26
    await analytics.touchpoints([
      answered('a', '2024-01-05T10:00:00Z', { score: 10 }),
      answered('b', '2024-01-05T10:00:00Z', { score: '9' }),
      answered('c', '2024-01-05T10:00:00Z', { score: 8 }),
      answered('d', '2024-01-05T10:00:00Z', { score: 6 }),
      answered('e', '2024-01-05T10:00:00Z', { score: 11 }),
      answered('f', '2024-01-05T10:00:00Z', { score: 'fine' }),
      erased(answered('g', '2024-01-05T10:00:00Z', { score: 1 })),
    ]);
    expect(
      await feedback('responses, promoters, passives, detractors, nps, round(nps_margin, 2), csat, ces', 'all'),
    ).toEqual([[4, 2, 1, 1, 25, 81.26, null, null]]);
  });

  it('give CSAT as the share of 4 and 5, CES as a mean, and neither NaN nor infinity', async () => {
    await analytics.touchpoints([
      answered('a', '2024-01-05T10:00:00Z', { survey: 'csat', score: 5 }),
      answered('b', '2024-01-05T10:00:00Z', { survey: 'csat', score: 3 }),
      answered('c', '2024-01-05T10:00:00Z', { survey: 'ces', score: 7 }),
    ]);
    const columns = 'kind, nps, csat, round(csat_lower, 4), round(csat_upper, 4), ces, ces_margin';
    // Wilson of 1 in 2
    expect(await feedback(columns, 'all')).toEqual([
      ['ces', null, null, null, null, 7, null],
      ['csat', null, 0.5, 0.0945, 0.9055, null, null],
    ]);
  });

  it('give CES with 1.96 standard errors: of 5 and 7 the deviation is the root of 2, and the error 1', async () => {
    await analytics.touchpoints([
      answered('a', '2024-01-05T10:00:00Z', { survey: 'ces', score: 5 }),
      answered('b', '2024-01-05T10:00:00Z', { survey: 'ces', score: 7 }),
    ]);
    expect(await feedback('ces, round(ces_margin, 2)', 'all')).toEqual([[6, 1.96]]);
  });

  it('count an answer for each of its tags, in its month where the workspace lies, and sent again once', async () => {
    await analytics.workspace({ timeZone: 'America/New_York' });
    await analytics.touchpoints([
      answered('a', '2024-03-01T02:00:00Z', { score: 10, tags: ['price', 'service'], response_id: '1' }),
      answered('a', '2024-03-01T01:00:00Z', { score: 0, tags: ['price'], response_id: '1' }),
      answered('b', '2024-03-02T02:00:00Z', { score: 3, tags: ['price'] }),
    ]);
    expect(await feedback('label, responses, nps', 'tag')).toEqual([
      ['price', 2, 0],
      ['service', 1, 100],
    ]);
    expect(await feedback('label, responses', 'month')).toEqual([
      ['2024-02', 1],
      ['2024-03', 1],
    ]);
    expect(await feedback('label', 'all', { to: '2024-01-01 00:00:00.000' })).toEqual([]);
  });

  it('tell how many of those asked answered', async () => {
    const asked = (person: string, event = 'Survey Sent') =>
      track(person, '2024-01-05T10:00:00Z', event, { survey_id: 's' });
    await analytics.touchpoints([
      asked('a'),
      asked('a', 'Survey Viewed'),
      asked('phone'),
      asked('b'),
      // Before being asked.
      answered('b', '2024-01-04T10:00:00Z', { score: 9, survey_id: 's' }),
      answered('c', '2024-02-09T10:00:00Z', { score: 9, survey_id: 's' }),
    ]);
    await analytics.merge('c', 'phone');
    expect(
      await analytics.rows(
        `SELECT * FROM survey_response_rate(workspace = 'default', from = '${year.from}', to = '${year.to}')`,
      ),
    ).toEqual([['s', 3, 1, 1 / 3]]);
  });
});

describe('reviews', () => {
  const read = (columns: string) =>
    analytics.rows(
      `SELECT ${columns} FROM review_feedback(workspace = 'default', from = '${year.from}', to = '${year.to}')`,
    );
  const review = (person: string, at: string, properties: Record<string, string | number>) =>
    track(person, at, 'Review Submitted', properties);

  it('have a rate, an average and a time to answer', async () => {
    await analytics.touchpoints([
      track('a', '2024-01-01T10:00:00Z', 'Order Completed', { order_id: '1', total: 5 }),
      track('b', '2024-01-01T10:00:00Z', 'Order Completed', { order_id: '2', total: 5 }),
      review('a', '2024-01-05T10:00:00Z', { review_id: 'r1', order_id: '1', rating: 2 }),
      review('a', '2024-01-06T10:00:00Z', { review_id: 'r1', order_id: '1', rating: 4 }),
      review('c', '2024-01-06T10:00:00Z', { review_id: 'r2', rating: '1', answered_at: '2024-01-06T12:00:00Z' }),
      review('d', '2024-01-06T10:00:00Z', { review_id: 'r3', rating: 6 }),
      track('shop', '2024-01-06T14:00:00Z', 'Review Answered', { review_id: 'r1' }),
    ]);
    expect(
      await read('reviews, average_rating, csat, answered, median_hours_to_answer, orders, reviewed_orders'),
    ).toEqual([[2, 2.5, 0.5, 2, 3, 2, 1]]);
  });

  it('are none where there were none, and nothing is NaN', async () => {
    expect(
      await read('reviews, average_rating, csat, csat_lower, answered, median_hours_to_answer, orders, review_rate'),
    ).toEqual([[0, null, null, null, 0, null, 0, null]]);
  });
});
