import type { Analytics } from './testing/analytics.js';
import { startShopInBerlin } from './testing/shop-in-berlin.js';

const whole = `from = '2024-01-01 00:00:00', to = '2025-01-01 00:00:00'`;

describe('the views of what people do', () => {
  let analytics: Analytics;
  const rows = (query: string): Promise<unknown[][]> => analytics.rows(query);

  beforeAll(async () => {
    analytics = await startShopInBerlin();
  });
  afterAll(() => analytics.stop());

  const funnel = (exclude: string, breakdown = ''): Promise<unknown[][]> =>
    rows(
      `SELECT breakdown, step, people FROM funnel(workspace = 'default', steps = ['Product Viewed', 'Product Added', 'Order Completed'], window_seconds = 3600, exclude = ${exclude}, breakdown = '${breakdown}', ${whole})`,
    );

  it('order funnels by time, break them at what is excluded, and tell how long it takes', async () => {
    expect(await funnel('[]')).toEqual([
      ['', 1, 2],
      ['', 2, 2],
      ['', 3, 1],
    ]);
    expect((await funnel(`['Payment Failed']`)).map((row) => row[2])).toEqual([2, 1, 1]);
    expect(
      await rows(
        `SELECT people, converted_people, seconds_median FROM time_to_convert(workspace = 'default', from_event = 'Product Viewed', to_event = 'Order Completed', window_seconds = 3600, ${whole})`,
      ),
    ).toEqual([[2, 1, 1200]]);
  });

  it('show the ways to a purchase, and carts given up with what happened meanwhile', async () => {
    expect(
      await rows(
        `SELECT path, times FROM paths_before(workspace = 'default', event = 'Order Completed', length = 2, lookback_seconds = 86400, ${whole}) WHERE notEmpty(path)`,
      ),
    ).toContainEqual([['Product Viewed', 'Product Added'], 2]);
    expect(
      await rows(
        `SELECT profile_id, reached, accompanied_by FROM abandoned_carts(workspace = 'default', hours = 24, ${whole})`,
      ),
    ).toEqual([['cid', 'cart', []]]);
  });

  it('cut sessions at pauses and name what led to them', async () => {
    expect(
      await rows(
        `SELECT toString(started_at), touchpoints, pages, orders, source FROM sessions WHERE profile_id = 'ann' ORDER BY 1 LIMIT 1`,
      ),
    ).toEqual([['2024-01-01 08:00:00.000', 2, 1, 0, 'google']]);
  });

  it('hold tickets, deals, referrals, accounts, onboarding and the history of traits', async () => {
    expect(await rows('SELECT ticket_id, is_open, seconds_to_solve FROM support_tickets ORDER BY 1')).toEqual([
      ['t1', false, 3600],
      ['t2', true, null],
    ]);
    expect(await rows('SELECT deal_id, amount, stage FROM deals')).toEqual([['d1', '500', 'won']]);
    expect(await rows('SELECT referrer_profile_id, referred_profile_id FROM referrals')).toEqual([['ann', 'bob']]);
    expect(await rows('SELECT account_id, name, employees, members FROM accounts')).toEqual([['acme', 'Acme', 12, 1]]);
    expect(await rows('SELECT step, started, completed FROM onboarding')).toEqual([['profile', 1, 1]]);
    expect(
      await rows(
        `SELECT trait, value, is_current FROM trait_history WHERE profile_id = 'ann' ORDER BY trait, valid_from`,
      ),
    ).toEqual([
      ['city', 'Rome', true],
      ['plan', 'free', false],
      ['plan', 'pro', true],
    ]);
  });

  it('answer the timeline of one person, over all of his lone profiles', async () => {
    const events = await rows(
      `SELECT event FROM profile_timeline(workspace = 'default', profile = 'bob') WHERE event LIKE 'Order%' ORDER BY timestamp`,
    );
    expect(events).toEqual([['Order Completed'], ['Order Refunded']]);
    expect(await rows(`SELECT count() FROM profile_timeline(workspace = 'default', profile = 'phone')`)).toEqual([[0]]);
  });

  it('fill what ClickHouse fills by itself once, however often a batch comes', async () => {
    expect(
      await rows(
        'SELECT (SELECT count() FROM recorded_touchpoints) = (SELECT count() FROM touchpoints_by_profile), (SELECT count() FROM recorded_touchpoints) = (SELECT sum(touchpoint_count) FROM profile_activity)',
      ),
    ).toEqual([[1, 1]]);
  });

  it('never answer with a number that is none, with this data and with none', async () => {
    const plain = await rows(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View' AND NOT match(create_table_query, '\\\\{[a-z_]+:[A-Z]') ORDER BY name`,
    );
    expect(plain.length).toBeGreaterThan(40);
    const check = async (): Promise<string[]> => {
      const wrong: string[] = [];
      for (const [view] of plain) {
        const text = JSON.stringify(
          await analytics.rows(`SELECT * FROM ${String(view)} SETTINGS output_format_json_quote_denormals = 1`),
        );
        if (/"-?(nan|inf)"/i.test(text)) wrong.push(String(view));
      }
      return wrong;
    };
    expect(await check()).toEqual([]);
    await analytics.clear();
    expect(await check()).toEqual([]);
  });
});
