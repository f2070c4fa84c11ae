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

/** A stage that holds since `timestamp`, as it was decided at `decidedAt`. */
const stage = (profile: string, to: string, timestamp: string, decidedAt = timestamp) => ({
  ...{ workspace_id: 'default', profile_id: profile, from_stage: '', to_stage: to, reason: `is ${to}` },
  ...{ timestamp, decided_at: decidedAt, cause_id: '', imported: false },
  ...{ appended_at: decidedAt, log_partition: 0, log_offset: (offset += 1) },
});
const history = (profile: string) =>
  analytics.rows(
    `SELECT stage_before, stage, toString(toDate(valid_from)), toString(toDate(valid_to)), is_current FROM lifecycle_history WHERE profile_id = '${profile}' ORDER BY valid_from`,
  );

describe('the history of the lifecycle', () => {
  it('is none where nothing was told', async () => {
    for (const view of ['lifecycle_history', 'lifecycle_flow_monthly']) {
      expect(await analytics.rows(`SELECT * FROM ${view}`)).toEqual([]);
    }
  });

  it('goes from stage to stage without a gap, whatever the order of arrival', async () => {
    const facts = [
      stage('ann', 'lead', '2024-01-01 10:00:00'),
      stage('ann', 'customer', '2024-02-01 10:00:00'),
      // Told twice.
      stage('ann', 'customer', '2024-02-01 10:00:00'),
      stage('ann', 'lapsed', '2024-05-01 10:00:00'),
    ];
    for (const order of [facts, facts.toReversed()]) {
      await analytics.clear();
      for (const fact of order) await analytics.insert('lifecycle_changes', [fact]);
      expect(await history('ann')).toEqual([
        ['', 'lead', '2024-01-01', '2024-02-01', false],
        ['lead', 'customer', '2024-02-01', '2024-05-01', false],
        ['customer', 'lapsed', '2024-05-01', null, true],
      ]);
    }
  });

  it('is corrected by what is decided later of an earlier time: what was told of the time after it is void', async () => {
    await analytics.insert('lifecycle_changes', [
      stage('ann', 'lead', '2024-01-01 10:00:00'),
      stage('ann', 'customer', '2024-02-01 10:00:00'),
      stage('ann', 'lapsed', '2024-05-01 10:00:00'),
      // On 10 May an order of 20 April arrives: ann never lapsed, and is a customer since February.
      stage('ann', 'customer', '2024-02-01 10:00:00', '2024-05-10 10:00:00'),
    ]);
    expect(await history('ann')).toEqual([
      ['', 'lead', '2024-01-01', '2024-02-01', false],
      ['lead', 'customer', '2024-02-01', null, true],
    ]);
  });

  it('of merged people is that of the one who lives on, and before it that of the others', async () => {
    await analytics.insert('lifecycle_changes', [
      // The phone bought in February and is merged into ann, a lead of March who knows nothing of it until then.
      stage('phone', 'lead', '2024-01-01 10:00:00'),
      stage('phone', 'customer', '2024-02-01 10:00:00'),
      stage('ann', 'lead', '2024-03-01 10:00:00'),
      stage('ann', 'customer', '2024-02-01 10:00:00', '2024-03-05 10:00:00'),
      // A lead of April, merged into bob, who is a customer and stays it: nothing is told.
      stage('bob', 'customer', '2024-01-15 10:00:00'),
      stage('tablet', 'lead', '2024-04-01 10:00:00'),
    ]);
    await analytics.merge('ann', 'phone');
    await analytics.merge('bob', 'tablet');
    expect(await history('ann')).toEqual([
      ['', 'lead', '2024-01-01', '2024-02-01', false],
      ['lead', 'customer', '2024-02-01', null, true],
    ]);
    expect(await history('bob')).toEqual([['', 'customer', '2024-01-15', null, true]]);
  });
});

describe('the flow between stages', () => {
  const flow = (period: string) =>
    analytics.rows(
      `SELECT toString(period_start), from_stage, to_stage, people FROM lifecycle_flow(workspace = 'default', period = '${period}')`,
    );

  it("counts people by the days, months and quarters of the workspace's zone, across the change of clocks", async () => {
    await analytics.workspace({ timeZone: 'Europe/Berlin' });
    await analytics.insert('lifecycle_changes', [
      stage('ann', 'lead', '2024-01-31 22:59:00'),
      // Half past midnight on 1 February in Berlin.
      stage('bob', 'lead', '2024-01-31 23:30:00'),
      stage('cid', 'lead', '2024-02-10 10:00:00'),
      // 00:30 on 1 April, in summer time; and 23:30 on 31 March.
      stage('ann', 'customer', '2024-03-31 22:30:00'),
      stage('bob', 'customer', '2024-03-31 21:30:00'),
    ]);
    const monthly = [
      ['2024-01-01', '', 'lead', 1],
      ['2024-02-01', '', 'lead', 2],
      ['2024-03-01', 'lead', 'customer', 1],
      ['2024-04-01', 'lead', 'customer', 1],
    ];
    expect(await flow('month')).toEqual(monthly);
    expect(
      await analytics.rows(
        'SELECT toString(month), from_stage, to_stage, people FROM lifecycle_flow_monthly ORDER BY ALL',
      ),
    ).toEqual(monthly);
    expect(await flow('quarter')).toEqual([
      ['2024-01-01', '', 'lead', 3],
      ['2024-01-01', 'lead', 'customer', 1],
      ['2024-04-01', 'lead', 'customer', 1],
    ]);
    expect((await flow('day')).map(([day]) => day)).toEqual([
      '2024-01-31',
      '2024-02-01',
      '2024-02-10',
      '2024-03-31',
      '2024-04-01',
    ]);
  });
});
