import { erased, page, startAnalytics, touchpoint, track, type Analytics } from './analytics.js';

let analytics: Analytics;

beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const email = { source: 'newsletter', medium: 'email', name: 'spring' };
const ads = { source: 'google', medium: 'cpc' };
const order = (person: string, at: string, total: number, properties = {}) =>
  track(person, at, 'Order Completed', { total, ...properties });

const call = (view: string, settings: Record<string, unknown> = {}): string => {
  const given = {
    workspace: 'default',
    conversion: 'Order Completed',
    from: '2024-01-01 00:00:00.000',
    to: '2024-02-01 00:00:00.000',
    lookback_seconds: 30 * 86_400,
    restart: 1,
    by: 'channel',
    ...settings,
  };
  return `${view}(${Object.entries(given)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : `'${String(value)}'`}`)
    .join(', ')})`;
};
const paths = (settings = {}) =>
  analytics.rows(
    `SELECT profile_id, path, toFloat64(value) FROM ${call('conversion_paths', settings)} ORDER BY profile_id, converted DESC, converted_at`,
  );
const credits = (model: string, settings = {}) =>
  analytics.rows(
    `SELECT label, toFloat64(conversions), toFloat64(value) FROM ${call('attribution', { half_life_hours: 168, ...settings })} WHERE model = '${model}' ORDER BY label`,
  );

describe('touches', () => {
  const channels = async () => (await analytics.rows('SELECT channel FROM touches ORDER BY touched_at')).flat();
  const at = '2024-01-05T10:00:00Z';

  it.each([
    ['email', page('a', at, email)],
    ['paid search', page('a', at, ads)],
    ['paid social', page('a', at, { source: 'Facebook', medium: 'CPC' })],
    ['organic social', page('a', at, {}, { url: 'https://shop.example/', referrer: 'https://www.instagram.com/p/1' })],
    ['organic search', page('a', at, {}, { url: 'https://shop.example/', referrer: 'https://www.google.de/' })],
    ['referral', page('a', at, {}, { url: 'https://shop.example/', referrer: 'https://blog.example/post' })],
    ['direct', page('a', at, {}, { url: 'https://shop.example/' })],
    ['display', page('a', at, { source: 'adnet', medium: 'banner' })],
    ['other', page('a', at, { source: 'alpha' })],
    ['email', track('a', at, 'Email Link Clicked', {})],
    ['push', track('a', at, 'Push Notification Tapped', {})],
    ['direct', touchpoint('a', at, { type: 'screen', name: 'Home' })],
  ])('come through %s', async (channel, touch) => {
    await analytics.touchpoints([touch]);
    expect(await channels()).toEqual([channel]);
  });

  it('are none for what people did there', async () => {
    await analytics.touchpoints([
      track('a', at, 'Product Viewed', {}, { campaign: email }),
      erased(track('a', at, 'Product Viewed')),
      touchpoint('a', at, { type: 'identify', traits: {} }),
    ]);
    expect(await channels()).toEqual([]);
  });

  it('that the site itself led to go on with the visit', async () => {
    await analytics.touchpoints([
      page('a', '2024-01-05T10:00:00Z', ads, { url: 'https://shop.example/' }),
      page('a', '2024-01-05T10:20:00Z', {}, { url: 'https://www.shop.example/a', referrer: 'https://shop.example/' }),
      page('a', '2024-01-05T10:40:00Z', {}, { url: 'https://shop.example/b', referrer: 'https://shop.example/a' }),
    ]);
    expect(await channels()).toEqual(['paid search', 'direct', 'direct']);
    expect(await paths()).toEqual([['a', ['paid search'], 0]]);
  });
});

describe('paths', () => {
  it('are the touches before a conversion, late ones in their place, once a visit', async () => {
    await analytics.touchpoints([
      order('ann', '2024-01-10T12:00:00Z', 50),
      page('ann', '2024-01-08T10:00:00Z', email),
      // The same visit: the campaign stays on the page, and a page without one follows.
      page('ann', '2024-01-08T10:10:00Z', email),
      page('ann', '2024-01-08T10:30:00Z'),
      // Recorded last, happened first.
      page('ann', '2024-01-05T10:00:00Z', ads),
      // After the conversion, and towards none.
      page('ann', '2024-01-20T10:00:00Z'),
      page('bob', '2024-01-20T10:00:00Z', ads),
    ]);
    expect(await paths()).toEqual([
      ['ann', ['paid search', 'email'], 50],
      ['ann', ['direct'], 0],
      ['bob', ['paid search'], 0],
    ]);
    expect(await analytics.rows(`SELECT * EXCEPT value FROM ${call('grouped_paths')} ORDER BY path`)).toEqual([
      [['direct'], [true], 0, 1],
      [['paid search'], [false], 0, 1],
      [['paid search', 'email'], [false, false], 1, 0],
    ]);
  });

  it('look back as far as asked, to the millisecond', async () => {
    await analytics.touchpoints([
      page('ann', '2024-01-01T11:59:59.999Z', ads),
      page('ann', '2024-01-01T12:00:00Z', email),
      order('ann', '2024-01-08T12:00:00Z', 1),
      order('bob', '2024-01-08T12:00:00Z', 1),
    ]);
    expect(await paths({ lookback_seconds: 7 * 86_400 })).toEqual([
      ['ann', ['email'], 1],
      ['bob', ['(none)'], 1],
    ]);
  });

  it('reach back before the period, and begin anew after a conversion unless told otherwise', async () => {
    await analytics.touchpoints([
      page('ann', '2023-12-30T10:00:00Z', ads),
      order('ann', '2023-12-31T10:00:00Z', 1),
      page('ann', '2024-01-02T10:00:00Z', email),
      order('ann', '2024-01-03T10:00:00Z', 2),
      order('ann', '2024-01-04T10:00:00Z', 4),
    ]);
    expect(await paths()).toEqual([
      ['ann', ['email'], 2],
      ['ann', ['(none)'], 4],
    ]);
    expect(await paths({ restart: 0 })).toEqual([
      ['ann', ['paid search', 'email'], 2],
      ['ann', ['paid search', 'email'], 4],
    ]);
  });

  it('keep the value of each conversion: of one millisecond, below zero and as large as money can be', async () => {
    const at = '2024-01-10T12:00:00Z';
    await analytics.touchpoints([
      page('ann', '2024-01-08T10:00:00Z', email),
      order('ann', at, -0.0001, { order_id: 'less' }),
      order('ann', at, 10_000_000_000_000, { order_id: 'large' }),
      order('ann', at, 2.5, { order_id: 'middle' }),
      order('ann', '2024-01-10T12:00:00.001Z', 4, { order_id: 'next' }),
      // Before time is counted from: no conversion of any path.
      order('ann', '1969-12-31T23:59:59Z', 8, { order_id: 'old' }),
    ]);
    const values = `SELECT conversion_id, toString(value) FROM ${call('conversion_paths', { from: '1970-01-02 00:00:00.000' })} WHERE converted ORDER BY conversion_id`;
    expect(await analytics.rows(values)).toEqual([
      ['large', '10000000000000'],
      ['less', '-0.0001'],
      ['middle', '2.5'],
      ['next', '4'],
    ]);
    expect((await paths()).map(([, path]) => path).sort()).toEqual([['(none)'], ['(none)'], ['(none)'], ['email']]);
  });

  it('follow merges, count a conversion sent twice once, and take any event', async () => {
    await analytics.touchpoints([
      page('phone', '2024-01-02T10:00:00Z', ads),
      order('ann', '2024-01-03T10:00:00Z', 2, { order_id: '7' }),
      order('ann', '2024-01-03T11:00:00Z', 3, { order_id: '7' }),
      track('ann', '2024-01-09T10:00:00Z', 'Signed Up', { value: 9 }),
    ]);
    await analytics.merge('ann', 'phone');
    expect(await paths()).toEqual([['ann', ['paid search'], 3]]);
    expect(await paths({ conversion: 'Signed Up', by: 'source' })).toEqual([['ann', ['google'], 9]]);
  });
});

describe('attribution', () => {
  const journey = [
    page('ann', '2024-01-01T12:00:00Z', ads),
    page('ann', '2024-01-08T12:00:00Z', email),
    page('ann', '2024-01-15T12:00:00Z', ads),
    page('ann', '2024-01-15T13:00:00Z'),
    order('ann', '2024-01-15T13:00:00Z', 100),
  ];

  it.each([
    ['first', { 'paid search': 1 }],
    ['last', { direct: 1 }],
    ['last-non-direct', { 'paid search': 1 }],
    ['linear', { direct: 0.25, email: 0.25, 'paid search': 0.5 }],
    ['linear-distinct', { direct: 1 / 3, email: 1 / 3, 'paid search': 1 / 3 }],
    ['position', { direct: 0.4, email: 0.1, 'paid search': 0.5 }],
  ])('by %s', async (model, expected) => {
    await analytics.touchpoints(journey);
    const found = (await credits(model)).filter(([, conversions]) => conversions !== 0);
    expect(found.map(([label]) => label)).toEqual(Object.keys(expected));
    for (const [label, conversions, value] of found) {
      const share = expected[label as keyof typeof expected] ?? NaN;
      expect(conversions).toBeCloseTo(share, 11);
      expect(value).toBeCloseTo(100 * share, 9);
    }
  });

  it('by time-decay: half for every half-life', async () => {
    await analytics.touchpoints([
      page('ann', '2024-01-08T12:00:00Z', email),
      page('ann', '2024-01-15T12:00:00Z', ads),
      order('ann', '2024-01-15T12:00:00Z', 30),
    ]);
    expect(await credits('time-decay')).toEqual([
      ['email', expect.closeTo(1 / 3, 11), expect.closeTo(10, 9)],
      ['paid search', expect.closeTo(2 / 3, 11), expect.closeTo(20, 9)],
    ]);
  });

  it('adds up to the conversions and their money, to the last digit, in every model', async () => {
    // Given thirds and sevenths of awkward amounts, and a touch so old that its weight vanishes
    const touches = Array.from({ length: 7 }, (_, i) =>
      page(`p${i % 3}`, `2024-01-0${i + 1}T10:00:00Z`, { source: `s${i}` }),
    );
    await analytics.touchpoints([
      ...touches,
      order('p0', '2024-01-20T10:00:00Z', 0.01, { currency: 'EUR' }),
      order('p1', '2024-01-20T10:00:00Z', 99_999_999.9999),
      order('p2', '2024-01-20T10:00:00Z', 1 / 3),
      order('nobody', '2024-01-20T10:00:00Z', 7),
      order('dollars', '2024-01-20T10:00:00Z', 7, { currency: 'USD' }),
    ]);
    const settings = { by: 'source', half_life_hours: 0.001 };
    const sums = await analytics.rows(
      `SELECT model, toString(sum(conversions)), toString(sum(value)) FROM ${call('attribution', settings)} GROUP BY model ORDER BY model`,
    );
    expect(sums).toHaveLength(7);
    for (const [, conversions, value] of sums) expect([conversions, value]).toEqual(['5', '100000007.3432']);
  });

  it('says nothing of a period without conversions', async () => {
    await analytics.touchpoints([page('ann', '2024-01-08T12:00:00Z', email)]);
    expect(await credits('linear')).toEqual([]);
  });
});
