import type { JsonObject } from '@rapport/events';
import { startAnalytics, type Analytics } from './analytics.js';

let analytics: Analytics;
let offset = 0;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const at = (day: number) => `2024-01-${String(day).padStart(2, '0')} 10:00:00.000`;
const said = (profile: string, status: string, day: number, more: JsonObject = {}): JsonObject => ({
  ...{ workspace_id: 'default', profile_id: profile, lone_profile_id: profile, purpose: 'marketing', channel: 'email' },
  ...{ status, lawful_basis: 'consent', source_id: 'web', text_version: '', expires_at: null, received_at: at(day) },
  ...{ settles: [], timestamp: at(day), message_id: '', appended_at: at(day), log_partition: 0 },
  ...{ log_offset: (offset += 1), ...more },
});
const current = () =>
  analytics.rows(
    'SELECT profile_id, purpose, channel, status, toString(since), is_conflict FROM current_consents ORDER BY 1, 2, 3',
  );

describe('consents', () => {
  it('are none where nobody said anything', async () => {
    expect(await current()).toEqual([]);
    expect(await analytics.rows('SELECT * FROM consent_history')).toEqual([]);
  });

  it('are what was said last, by purpose and channel, whatever the order of arrival', async () => {
    const facts = [
      said('ann', 'granted', 1),
      said('ann', 'withdrawn', 5),
      said('ann', 'granted', 2, { channel: 'sms' }),
      said('bob', 'denied', 1),
      said('bob', 'granted', 3),
      // The same moment: the more restrictive counts.
      said('cid', 'withdrawn', 1),
      said('cid', 'granted', 1),
      said('dot', 'granted', 1, { expires_at: at(20) }),
      said('eve', 'granted', 1, { expires_at: '2199-01-01 00:00:00.000' }),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      for (const fact of order) await analytics.insert('consents', [fact]);
      expect(await current()).toEqual([
        ['ann', 'marketing', 'email', 'withdrawn', at(5), false],
        ['ann', 'marketing', 'sms', 'granted', at(2), false],
        ['bob', 'marketing', 'email', 'granted', at(3), false],
        ['cid', 'marketing', 'email', 'withdrawn', at(1), false],
        ['dot', 'marketing', 'email', 'expired', at(1), false],
        ['eve', 'marketing', 'email', 'granted', at(1), false],
      ]);
    }
  });

  it('of merged people are the most restrictive, unless a later one settles it', async () => {
    await analytics.insert('consents', [
      said('ann', 'granted', 9),
      said('phone', 'denied', 1),
      said('bob', 'granted', 9, { settles: ['tablet'] }),
      said('tablet', 'withdrawn', 1),
    ]);
    await analytics.merge('ann', 'phone');
    await analytics.merge('bob', 'tablet');
    expect(await current()).toEqual([
      ['ann', 'marketing', 'email', 'denied', at(1), true],
      ['bob', 'marketing', 'email', 'granted', at(9), false],
    ]);
    expect(
      await analytics.rows('SELECT profile_id, lone_profile_id, toString(status) FROM consent_history ORDER BY 1, 2'),
    ).toEqual([
      ['ann', 'ann', 'granted'],
      ['ann', 'phone', 'denied'],
      ['bob', 'bob', 'granted'],
      ['bob', 'tablet', 'withdrawn'],
    ]);
    // A later withdrawal of the tablet is settled by nobody.
    await analytics.insert('consents', [said('tablet', 'withdrawn', 10)]);
    expect((await current())[1]).toEqual(['bob', 'marketing', 'email', 'withdrawn', at(10), true]);
  });
});
