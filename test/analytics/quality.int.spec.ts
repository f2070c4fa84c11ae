import type { OpenedTouchpoint } from '@rapport/events';
import { startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const from = (sourceId: string, touchpoint: OpenedTouchpoint, flags: OpenedTouchpoint['flags'] = []) => ({
  ...touchpoint,
  sourceId,
  flags,
});
const order = (person: string, properties: Record<string, string | number | null>) =>
  track(person, '2024-01-05T12:00:00Z', 'Order Completed', properties);

const quality = () =>
  analytics.rows(
    `SELECT source_id, touchpoints, rejected, round(rejection_rate, 4), violating, violation_rate, mended, identified_rate
     FROM source_quality WHERE workspace_id = 'default' ORDER BY source_id`,
  );

describe('the quality of what is sent', () => {
  it('is nothing while nothing was sent', async () => {
    expect(await quality()).toEqual([]);
    expect(await analytics.rows('SELECT * FROM plan_violations')).toEqual([]);
    expect(await analytics.rows('SELECT * FROM property_completeness')).toEqual([]);
    expect(await analytics.rows('SELECT * FROM trait_usage')).toEqual([]);
  });

  it('is told by source: refused, against the plan, mended, identified', async () => {
    await analytics.touchpoints([
      from('web', order('a', { order_id: 'o-1' }), ['violation:total:type', 'violation:currency:pattern']),
      from('web', order('b', { order_id: 'o-2' }), ['timestamp-missing']),
      from('web', order('c', { order_id: 'o-3' }), ['timestamp-missing', 'violation:total:type']),
      from('web', order('d', { order_id: 'o-4' })),
      from('shop', order('e', { order_id: 'o-5' })),
    ]);
    const refused = { workspace_id: 'default', detail: '', message_id: '', received_at: '2024-01-06 00:00:00.000' };
    await analytics.insert('rejected_touchpoints', [
      { ...refused, source_id: 'web', rejection_id: 'r1', reason: 'missing-event', log_partition: 0, log_offset: 1 },
      // The rest of one large body, and no event of its own.
      { ...refused, source_id: 'web', rejection_id: 'r1/2', reason: 'continued', log_partition: 0, log_offset: 2 },
      { ...refused, source_id: 'bad', rejection_id: 'r2', reason: 'malformed-json', log_partition: 0, log_offset: 3 },
    ]);
    expect(await quality()).toEqual([
      ['bad', 0, 1, 1, 0, 0, 0, 0],
      ['shop', 1, 0, 0, 0, 0, 0, 1],
      ['web', 4, 1, 0.2, 2, 0.5, 2, 1],
    ]);
  });

  it('names every broken rule with its source and event', async () => {
    await analytics.touchpoints([
      from('web', order('a', {}), ['violation:order_id:required', 'timestamp-missing']),
      from('web', order('b', {}), ['violation:order_id:required']),
      from('web', track('b', '2024-01-05T12:00:00Z', 'Tasted', {}), ['violation:unplanned']),
    ]);
    expect(
      await analytics.rows('SELECT source_id, event, rule, touchpoints FROM plan_violations ORDER BY ALL'),
    ).toEqual([
      ['web', 'Order Completed', 'order_id:required', 2],
      ['web', 'Tasted', 'unplanned', 1],
    ]);
  });

  it('says how often a property comes with a value', async () => {
    await analytics.touchpoints([
      from('web', order('a', { order_id: 'o-1', currency: 'EUR' })),
      from('web', order('b', { order_id: 'o-2', currency: '' })),
      from('web', order('c', { order_id: 'o-3', currency: null })),
      from('web', order('d', { order_id: 'o-4', currency: 'EUR' })),
    ]);
    expect(
      await analytics.rows(
        'SELECT property, touchpoints, filled, completeness FROM property_completeness ORDER BY property',
      ),
    ).toEqual([
      ['currency', 4, 2, 0.5],
      ['order_id', 4, 4, 1],
    ]);
  });

  it('counts traits by the people they are said of', async () => {
    const said = (person: string, traits: Record<string, string>) => {
      const { content, ...rest } = track(person, '2024-01-05T12:00:00Z', 'x', {});
      return { ...rest, type: 'identify' as const, event: null, content: { userId: content?.userId ?? '', traits } };
    };
    await analytics.touchpoints([
      said('a', { plan: 'pro', colour: '' }),
      said('a', { plan: 'free' }),
      said('b', { plan: 'pro', colour: 'blue' }),
    ]);
    expect(await analytics.rows('SELECT trait, touchpoints, profiles FROM trait_usage ORDER BY trait')).toEqual([
      ['colour', 1, 1],
      ['plan', 3, 2],
    ]);
  });
});
