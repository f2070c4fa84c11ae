import { erased, startAnalytics, touchpoint, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const views = [
  'support_tickets',
  'tasks',
  'deals',
  'referrals',
  'accounts',
  'account_members',
  'onboarding',
  'trait_history',
];

describe('tickets, deals, referrals, accounts', () => {
  it('are none where none are named, and none of who was erased', async () => {
    await analytics.touchpoints([
      track('ann', '2024-01-01T10:00:00Z', 'Order Completed', { total: 1 }),
      erased(track('gone', '2024-01-01T10:00:00Z', 'Support Ticket Opened', { ticket_id: 't' })),
      erased(track('gone', '2024-01-01T10:00:00Z', 'Deal Created', { deal_id: 'd' })),
      erased(track('gone', '2024-01-01T10:00:00Z', 'Task Created', { task_id: 'k' })),
      erased(track('gone', '2024-01-01T10:00:00Z', 'Referral Sent', { referral_id: 'r' })),
      erased(track('gone', '2024-01-01T10:00:00Z', 'Onboarding Step Completed', { step: 'one' })),
      erased(touchpoint('gone', '2024-01-01T10:00:00Z', { type: 'group', groupId: 'acme', traits: { name: 'Acme' } })),
      erased(touchpoint('gone', '2024-01-01T10:00:00Z', { type: 'identify', traits: { plan: 'pro' } })),
    ]);
    for (const view of views) expect([view, await analytics.rows(`SELECT * FROM ${view}`)]).toEqual([view, []]);
  });

  it('of support: solved, opened again, said twice, solved before it was known to be open', async () => {
    const ticket = (person: string, at: string, what: string, id: string, properties = {}) =>
      track(person, at, `Support Ticket ${what}`, { ticket_id: id, ...properties });
    const facts = [
      ticket('ann', '2024-01-01T10:00:00Z', 'Opened', '1', { channel: 'chat', priority: 'low' }),
      ticket('ann', '2024-01-01T10:00:00Z', 'Opened', '1', { channel: 'chat', priority: 'low' }),
      ticket('ann', '2024-01-01T12:00:00Z', 'Solved', '1', { priority: 'high' }),
      ticket('phone', '2024-01-02T10:00:00Z', 'Opened', '2'),
      ticket('phone', '2024-01-02T11:00:00Z', 'Solved', '2'),
      ticket('ann', '2024-01-03T10:00:00Z', 'Opened', '2'),
      ticket('bob', '2024-01-04T10:00:00Z', 'Solved', '3'),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      await analytics.workspace();
      for (const fact of order) await analytics.touchpoints([fact]);
      await analytics.merge('ann', 'phone');
      expect(
        await analytics.rows(
          'SELECT ticket_id, profile_id, is_open, seconds_to_solve, channel, priority FROM support_tickets ORDER BY 1',
        ),
      ).toEqual([
        ['1', 'ann', false, 7200, 'chat', 'high'],
        ['2', 'ann', true, null, '', ''],
        ['3', 'bob', false, null, '', ''],
      ]);
    }
  });

  it('of the house: what is to be done by whom, given to another, done in time or late, overdue', async () => {
    const task = (person: string, at: string, what: string, id: string | number, properties = {}) =>
      track(person, at, `Task ${what}`, { task_id: id, ...properties });
    const facts = [
      // Given to alan with a later day, done before it, and said so twice.
      task('ann', '2024-01-01T10:00:00Z', 'Created', 'k1', {
        owner_id: 'grace',
        due_at: '2024-01-02T10:00:00Z',
        kind: 'call',
      }),
      task('ann', '2024-01-01T11:00:00Z', 'Created', 'k1', { owner_id: 'alan', due_at: '2024-01-05T12:00:00+02:00' }),
      task('ann', '2024-01-05T09:59:00Z', 'Completed', 'k1'),
      task('ann', '2024-01-06T10:00:00Z', 'Completed', 'k1'),
      // Ids of other systems may be numbers. Done a minute late.
      task('phone', '2024-01-01T10:00:00Z', 'Created', 7, { owner_id: 12, due_at: '2024-01-02T10:00:00Z' }),
      task('phone', '2024-01-02T10:01:00Z', 'Completed', 7),
      task('bob', '2024-01-01T10:00:00Z', 'Created', 'k3', { due_at: '2024-01-02T10:00:00Z' }),
      task('bob', '2024-01-01T10:00:00Z', 'Created', 'k4', { due_at: '2199-01-01T10:00:00Z' }),
      task('bob', '2024-01-01T10:00:00Z', 'Created', 'k5', { due_at: 'soon' }),
      task('bob', '2024-01-01T10:00:00Z', 'Completed', 'k6'),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      await analytics.workspace();
      for (const fact of order) await analytics.touchpoints([fact]);
      await analytics.merge('ann', 'phone');
      expect(
        await analytics.rows(
          `SELECT task_id, profile_id, owner_id, kind, created_at IS NULL, formatDateTime(due_at, '%F %R'), formatDateTime(completed_at, '%F %R'), is_open, is_overdue FROM tasks ORDER BY task_id`,
        ),
      ).toEqual([
        ['7', 'ann', '12', '', 0, '2024-01-02 10:00', '2024-01-02 10:01', false, true],
        ['k1', 'ann', 'alan', 'call', 0, '2024-01-05 10:00', '2024-01-05 09:59', false, false],
        ['k3', 'bob', '', '', 0, '2024-01-02 10:00', null, true, true],
        ['k4', 'bob', '', '', 0, '2199-01-01 10:00', null, true, false],
        ['k5', 'bob', '', '', 0, null, null, true, false],
        ['k6', 'bob', '', '', 1, null, '2024-01-01 10:00', false, false],
      ]);
      // Nobody visits because there is work to do.
      expect(await analytics.rows('SELECT * FROM sessions')).toEqual([]);
    }
  });

  it('of sales: as they stand by what happened last, money with its currency, closed when won or lost', async () => {
    const deal = (person: string, at: string, what: string, id: string, properties = {}) =>
      track(person, at, `Deal ${what}`, { deal_id: id, ...properties });
    const facts = [
      deal('phone', '2024-01-01T10:00:00Z', 'Created', '1', {
        name: 'Tea',
        amount: '500.5',
        currency: 'USD',
        stage: 'open',
      }),
      deal('ann', '2024-01-05T10:00:00Z', 'Stage Changed', '1', { stage: 'offer', amount: 600 }),
      deal('ann', '2024-01-09T10:00:00Z', 'Won', '1'),
      deal('ann', '2024-01-09T10:00:00Z', 'Won', '1'),
      deal('bob', '2024-01-01T10:00:00Z', 'Created', '2', { amount: 10, currency: 'EUR', stage: 'open' }),
      deal('bob', '2024-01-02T10:00:00Z', 'Lost', '2', { reason: 'too dear' }),
      deal('bob', '2024-01-03T10:00:00Z', 'Stage Changed', '2', { stage: 'offer' }),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      await analytics.workspace();
      for (const fact of order) await analytics.touchpoints([fact]);
      await analytics.merge('ann', 'phone');
      expect(
        await analytics.rows(
          'SELECT deal_id, profile_id, name, amount, currency, stage, toString(created_at), toString(closed_at), lost_reason FROM deals ORDER BY 1',
        ),
      ).toEqual([
        ['1', 'ann', 'Tea', '600', 'USD', 'won', '2024-01-01 10:00:00.000', '2024-01-09 10:00:00.000', ''],
        ['2', 'bob', '', '10', 'EUR', 'offer', '2024-01-01 10:00:00.000', null, 'too dear'],
      ]);
    }
  });

  it('of referrals: sent, converted, the other way round, and twice', async () => {
    const facts = [
      track('phone', '2024-01-01T10:00:00Z', 'Referral Sent', { referral_id: '1', channel: 'link' }),
      track('bob', '2024-01-05T10:00:00Z', 'Referral Converted', { referral_id: '1' }),
      track('bob', '2024-01-06T10:00:00Z', 'Referral Converted', { referral_id: '1' }),
      track('cid', '2024-01-07T10:00:00Z', 'Referral Converted', { referral_id: '2' }),
      track('ann', '2024-01-08T10:00:00Z', 'Referral Sent', { referral_id: '3' }),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      await analytics.workspace();
      for (const fact of order) await analytics.touchpoints([fact]);
      await analytics.merge('ann', 'phone');
      expect(
        await analytics.rows(
          'SELECT referral_id, referrer_profile_id, referred_profile_id, toString(converted_at), channel FROM referrals ORDER BY 1',
        ),
      ).toEqual([
        ['1', 'ann', 'bob', '2024-01-05 10:00:00.000', 'link'],
        ['2', '', 'cid', '2024-01-07 10:00:00.000', ''],
        ['3', 'ann', '', null, ''],
      ]);
    }
  });

  it('of accounts, onboarding and traits: the newest word counts, each person once, late ones where they belong', async () => {
    const group = (person: string, at: string, traits: Record<string, string | number>) =>
      touchpoint(person, at, { type: 'group', groupId: 'acme', traits });
    const identify = (person: string, at: string, plan: string) =>
      touchpoint(person, at, { type: 'identify', traits: { plan } });
    const step = (person: string, at: string, name: string) =>
      track(person, at, 'Onboarding Step Completed', { step: name });
    const facts = [
      group('ann', '2024-01-01T10:00:00Z', { name: 'Acme', employees: 12 }),
      group('phone', '2024-01-03T10:00:00Z', { name: 'Acme Ltd' }),
      group('bob', '2024-01-02T10:00:00Z', { name: 'ACME', plan: 'team' }),
      identify('ann', '2024-01-01T10:00:00Z', 'free'),
      identify('phone', '2024-01-02T10:00:00Z', 'pro'),
      identify('ann', '2024-01-03T10:00:00Z', 'pro'),
      track('ann', '2024-01-01T10:00:00Z', 'Signed Up'),
      track('bob', '2024-01-01T10:00:00Z', 'Signed Up'),
      step('ann', '2024-01-01T10:00:00Z', 'one'),
      step('phone', '2024-01-01T10:01:00Z', 'one'),
      step('phone', '2024-01-01T10:10:00Z', 'two'),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      await analytics.workspace();
      for (const fact of order) await analytics.touchpoints([fact]);
      await analytics.merge('ann', 'phone');
      expect(await analytics.rows('SELECT account_id, name, plan, employees, members FROM accounts')).toEqual([
        ['acme', 'Acme Ltd', 'team', 12, 2],
      ]);
      expect(await analytics.rows('SELECT profile_id, toString(joined_at) FROM account_members ORDER BY 1')).toEqual([
        ['ann', '2024-01-01 10:00:00.000'],
        ['bob', '2024-01-02 10:00:00.000'],
      ]);
      // Two signed up; ann did both steps, the second ten minutes after the first.
      expect(
        await analytics.rows(
          'SELECT step, started, completed, completion, mean_seconds_from_first FROM onboarding ORDER BY 1',
        ),
      ).toEqual([
        ['one', 2, 1, 0.5, 0],
        ['two', 2, 1, 0.5, 600],
      ]);
      expect(
        await analytics.rows(
          "SELECT value, toString(valid_from), toString(valid_to), is_current FROM trait_history WHERE profile_id = 'ann' ORDER BY valid_from",
        ),
      ).toEqual([
        ['free', '2024-01-01 10:00:00.000', '2024-01-02 10:00:00.000', false],
        ['pro', '2024-01-02 10:00:00.000', null, true],
      ]);
    }
  });
});
