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
const position = (day: number, partition = 0) => ({
  ...{ appended_at: at(day), log_partition: partition, log_offset: (offset += 1) },
});
const changed = (
  profile: string,
  change: 'entered' | 'exited',
  day: number,
  { decided = day, partition = 0 } = {},
) => ({
  ...{ workspace_id: 'default', profile_id: profile, segment_id: 'vip', change, timestamp: at(day) },
  ...{ decided_at: at(decided), cause_id: 'cause', imported: false, ...position(decided, partition) },
});
const scored = (profile: string, value: number, day: number) => ({
  ...{ workspace_id: 'default', profile_id: profile, score_id: 'clv', value, components: { orders: value / 10 } },
  ...{ computed_at: at(day), cause_id: 'cause', ...position(day) },
});
const members = () =>
  analytics.rows('SELECT profile_id, segment_id, toString(entered_at) FROM current_memberships ORDER BY 1');

describe('memberships', () => {
  it('are none, and none is current, where nothing was decided', async () => {
    for (const view of ['membership_history', 'current_memberships', 'score_history', 'current_scores']) {
      expect(await analytics.rows(`SELECT * FROM ${view}`)).toEqual([]);
    }
  });

  it('hold from the last entry, unless an exit was decided later, whatever the order of arrival', async () => {
    const facts = [
      changed('ann', 'entered', 1),
      changed('bob', 'entered', 1),
      changed('bob', 'exited', 2),
      changed('cid', 'entered', 1),
      changed('cid', 'exited', 2),
      changed('cid', 'entered', 3),
      // Decided late, of an earlier day: what was decided last holds.
      changed('dot', 'entered', 5),
      changed('dot', 'exited', 3, { decided: 6 }),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      for (const fact of order) await analytics.insert('memberships', [fact]);
      expect(await members()).toEqual([
        ['ann', 'vip', at(1)],
        ['cid', 'vip', at(3)],
      ]);
    }
  });

  it('follow merges: what is told of the person as merged counts before what was told of those merged', async () => {
    await analytics.insert('memberships', [
      // The phone left on the day on which the merged person was told to be in: partition 9 says nothing about time.
      changed('phone', 'entered', 1),
      changed('phone', 'exited', 5, { partition: 9 }),
      changed('ann', 'entered', 5),
      // Only the phone was told of, and nothing changed for bob by the merge.
      changed('old-bob', 'entered', 2),
    ]);
    await analytics.merge('ann', 'phone');
    await analytics.merge('bob', 'old-bob');
    expect(await members()).toEqual([
      ['ann', 'vip', at(5)],
      ['bob', 'vip', at(2)],
    ]);
    expect(
      await analytics.rows(
        'SELECT profile_id, recorded_profile_id, toString(change) FROM membership_history ORDER BY 1, 2, 3',
      ),
    ).toEqual([
      ['ann', 'ann', 'entered'],
      ['ann', 'phone', 'entered'],
      ['ann', 'phone', 'exited'],
      ['bob', 'old-bob', 'entered'],
    ]);
  });
});

describe('scores', () => {
  it('are the newest of the person of today, value and components of the same row', async () => {
    await analytics.insert('scores', [
      scored('ann', 50, 3),
      scored('ann', 30, 1),
      scored('phone', 10, 4),
      scored('old-bob', 20, 2),
    ]);
    const scores = () =>
      analytics.rows('SELECT profile_id, value, components, toString(computed_at) FROM current_scores ORDER BY 1');
    const row = (profile: string, value: number, day: number) => [profile, value, { orders: value / 10 }, at(day)];
    expect(await scores()).toEqual([row('ann', 50, 3), row('old-bob', 20, 2), row('phone', 10, 4)]);
    await analytics.merge('ann', 'phone');
    await analytics.merge('bob', 'old-bob');
    expect(await scores()).toEqual([row('ann', 50, 3), row('bob', 20, 2)]);
    expect(await analytics.rows("SELECT value FROM score_history WHERE profile_id = 'ann' ORDER BY value")).toEqual([
      [10],
      [30],
      [50],
    ]);
  });
});

describe('journeys', () => {
  it('are told of the person of today', async () => {
    const step = (profile: string, kind: string, day: number): JsonObject => ({
      ...{ workspace_id: 'default', profile_id: profile, journey_id: 'welcome', journey_version: 1, instance_id: 'i' },
      ...{ kind, step_id: '', reason: '', due_at: null, timestamp: at(day), cause_id: '', ...position(day) },
    });
    await analytics.insert('journeys', [
      step('phone', 'entered', 1),
      step('ann', 'completed', 2),
      step('bob', 'entered', 1),
    ]);
    await analytics.merge('ann', 'phone');
    expect(
      await analytics.rows(
        'SELECT profile_id, recorded_profile_id, toString(kind) FROM journey_history ORDER BY 1, timestamp',
      ),
    ).toEqual([
      ['ann', 'phone', 'entered'],
      ['ann', 'ann', 'completed'],
      ['bob', 'bob', 'entered'],
    ]);
  });
});
