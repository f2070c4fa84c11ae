import { erased, page, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const at = (time: string) => `2024-01-05T${time}Z`;
const from = (source: string, country: string) => ({
  ...{ campaign: { source, medium: `${source}-ads`, name: `${source}-spring` }, location: { country } },
});

describe('a funnel', () => {
  const funnel = (breakdown: string, { window = 3_600, exclude = '[]' } = {}) =>
    analytics.rows(
      `SELECT breakdown, groupArray(people) FROM funnel(workspace = 'default', steps = ['View', 'Cart', 'Buy'], window_seconds = ${window}, exclude = ${exclude}, breakdown = '${breakdown}', from = '2024-01-01 00:00:00.000', to = '2024-02-01 00:00:00.000') GROUP BY breakdown ORDER BY breakdown`,
    );
  const facts = [
    // Ann buys an hour after she looked, to the second, the last step on her phone.
    track('ann', at('10:00:00'), 'View', {}, from('google', 'DE')),
    track('ann', at('10:30:00'), 'Cart', {}, from('bing', 'AT')),
    track('phone', at('11:00:00'), 'Buy'),
    // Bob a second later; something failed in between.
    track('bob', at('10:00:00'), 'View', {}, from('bing', 'DE')),
    track('bob', at('10:30:00'), 'Cart'),
    track('bob', at('10:40:00'), 'Failed'),
    track('bob', at('11:00:01'), 'Buy'),
    // Cid bought before he looked; an erased person is nobody.
    track('cid', at('09:00:00'), 'Buy'),
    track('cid', at('10:00:00'), 'View', {}, from('google', 'FR')),
    erased(track('gone', at('10:00:00'), 'View')),
  ];

  it.each([
    ['', [['', [3, 2, 1]]]],
    [
      'source',
      [
        ['bing', [1, 1, 0]],
        ['google', [2, 1, 1]],
      ],
    ],
    [
      'medium',
      [
        ['bing-ads', [1, 1, 0]],
        ['google-ads', [2, 1, 1]],
      ],
    ],
    [
      'campaign',
      [
        ['bing-spring', [1, 1, 0]],
        ['google-spring', [2, 1, 1]],
      ],
    ],
    [
      'country',
      [
        ['DE', [2, 2, 1]],
        ['FR', [1, 0, 0]],
      ],
    ],
  ])('is broken down by what the first step came with: "%s"', async (breakdown, expected) => {
    // Late and out of order.
    for (const fact of facts.toReversed()) await analytics.touchpoints([fact]);
    await analytics.merge('ann', 'phone');
    expect(await funnel(breakdown)).toEqual(expected);
  });

  it('has a window, and breaks at what is excluded', async () => {
    await analytics.touchpoints(facts);
    await analytics.merge('ann', 'phone');
    expect(await funnel('', { window: 3_601 })).toEqual([['', [3, 2, 2]]]);
    expect(await funnel('source', { window: 3_601, exclude: "['Failed']" })).toEqual([
      ['bing', [1, 1, 0]],
      ['google', [2, 1, 1]],
    ]);
  });
});

describe('sessions', () => {
  it.each([
    [30, [2, 1]],
    [10, [1, 1, 1]],
  ])('end with a pause of %d minutes, as the workspace declares', async (sessionMinutes, touchpoints) => {
    await analytics.workspace({ sessionMinutes });
    await analytics.touchpoints([
      page('ann', at('10:00:00')),
      page('phone', at('10:10:00')),
      page('ann', at('10:40:00')),
    ]);
    await analytics.merge('ann', 'phone');
    expect((await analytics.rows('SELECT touchpoints FROM sessions ORDER BY started_at')).flat()).toEqual(touchpoints);
  });
});
