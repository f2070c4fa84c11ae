import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject, JsonValue } from '@rapport/events';
import { root, startAnalytics, touchpoint, track, type Analytics } from './analytics.js';

// Some systems send ids as numbers, others amounts and flags as text (all that a CSV file knows). Views read JSONExtractString, which gives
// numbers, true and false as text too, and make numbers of that.

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());

const at = (day: number) => Date.UTC(2024, 0, day, 10);

/** Answers of `query` over the events as they are, and with every number and flag in them said as text. */
async function bothWays(
  events: readonly (readonly [day: number, event: string, properties: JsonObject])[],
  query: string,
): Promise<unknown[][]> {
  const answers: unknown[][][] = [];
  for (const say of [(value: JsonValue) => value, asText]) {
    await analytics.clear();
    await analytics.workspace();
    await analytics.touchpoints(
      events.map(([day, event, properties], index) => {
        const said = Object.fromEntries(
          Object.entries(properties).map(([name, value]) => [name, value === undefined ? null : say(value)]),
        );
        return { ...track('ann', at(day), event, said), messageId: `m${index}` };
      }),
    );
    answers.push(await analytics.rows(query));
  }
  const [typed, texts] = answers;
  expect(texts).toEqual(typed);
  return typed ?? [];
}

function asText(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(asText);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

describe('numbers and flags as text, and the reverse', () => {
  it('are read alike in the ids of support tickets', async () => {
    expect(
      await bothWays(
        [
          [1, 'Support Ticket Opened', { ticket_id: 41, channel: 2, priority: 1 }],
          [2, 'Support Ticket Solved', { ticket_id: 41 }],
          [2, 'Support Ticket Opened', { ticket_id: 42.5 }],
        ],
        'SELECT ticket_id, is_open, channel, priority FROM support_tickets ORDER BY 1',
      ),
    ).toEqual([
      ['41', false, '2', '1'],
      ['42.5', true, '', ''],
    ]);
  });

  it('are read alike in the ids, owners and amounts of deals', async () => {
    expect(
      await bothWays(
        [
          [1, 'Deal Created', { deal_id: 9007199254740991, name: 12, owner_id: 7, amount: 1234567.89, stage: 3 }],
          [2, 'Deal Lost', { deal_id: 9007199254740991, reason: 5 }],
        ],
        'SELECT deal_id, name, owner_id, toString(amount), stage, lost_reason FROM deals',
      ),
    ).toEqual([['9007199254740991', '12', '7', '1234567.89', 'lost', '5']]);
  });

  it('are read alike in the ids, owners and days of tasks', async () => {
    expect(
      await bothWays(
        [
          [1, 'Task Created', { task_id: 7, owner_id: 12, kind: 3, due_at: 1704270600 }],
          [2, 'Task Completed', { task_id: 7 }],
        ],
        `SELECT task_id, owner_id, kind, formatDateTime(due_at, '%F %R'), is_open FROM tasks`,
      ),
    ).toEqual([['7', '12', '3', '2024-01-03 08:30', false]]);
  });

  it('are read alike in the ids and channels of referrals', async () => {
    expect(
      await bothWays(
        [
          [1, 'Referral Sent', { referral_id: 5, channel: 1 }],
          [2, 'Referral Converted', { referral_id: 5 }],
        ],
        'SELECT referral_id, channel, converted_at IS NULL FROM referrals',
      ),
    ).toEqual([['5', '1', 0]]);
  });

  it('are read alike in the ids and scores of survey answers', async () => {
    expect(
      await bothWays(
        [
          [1, 'Survey Responded', { survey: 'nps', survey_id: 1, response_id: 9, score: 9, tags: [4] }],
          [2, 'Survey Responded', { survey: 'nps', survey_id: 1, response_id: 9, score: 10, tags: [4] }],
          [3, 'Survey Responded', { survey: 'csat', survey_id: 2, response_id: 9, score: 4.5 }],
        ],
        'SELECT survey_id, response_id, score, tags FROM survey_responses ORDER BY 1',
      ),
    ).toEqual([
      ['1', '9', 10, ['4']],
      ['2', '9', 4.5, []],
    ]);
  });

  it('are read alike in the ids, stars and answers of reviews', async () => {
    expect(
      await bothWays(
        [[1, 'Review Submitted', { review_id: 3, order_id: 8, product_id: 2, rating: 4, answered_at: 1704270600 }]],
        `SELECT review_id, order_id, product_id, rating, formatDateTime(answered_at, '%F %R') FROM reviews`,
      ),
    ).toEqual([['3', '8', '2', 4, '2024-01-03 08:30']]);
  });

  it('are read alike in the ids, charges and wishes of subscriptions', async () => {
    expect(
      await bothWays(
        [
          [1, 'Subscription Started', { subscription_id: 3, plan: 1, amount: 19.99, interval: 'month' }],
          [3, 'Subscription Cancelled', { subscription_id: 3, voluntary: true, reason: 'payment' }],
          [5, 'Subscription Started', { subscription_id: 4, plan: 1, amount: 5 }],
          [6, 'Subscription Cancelled', { subscription_id: 4, voluntary: false }],
        ],
        'SELECT subscription_id, kind, plan, toString(amount), is_voluntary FROM subscription_events ORDER BY happened_at',
      ),
    ).toEqual([
      ['3', 'started', '1', '19.99', null],
      ['3', 'cancelled', '', null, true],
      ['4', 'started', '1', '5', null],
      ['4', 'cancelled', '', null, false],
    ]);
  });

  it('are read alike in what another system says of its messages', async () => {
    expect(
      await bothWays(
        [
          [1, 'Email Sent', { email_id: 11, campaign_id: 2, step_id: 3, variant: 1, template_id: 4 }],
          [2, 'Email Opened', { email_id: 11, is_machine: true }],
          [3, 'Email Link Clicked', { email_id: 11, machine_open: false }],
        ],
        `SELECT sent.delivery_id, sent.journey_id, sent.step_id, sent.variant, sent.template_id, event.kind, toUInt8(event.is_machine)
         FROM message_events AS event INNER JOIN messages AS sent ON sent.delivery_id = event.delivery_id ORDER BY event.happened_at`,
      ),
    ).toEqual([
      ['11', '2', '3', '1', '4', 'opened', 1],
      ['11', '2', '3', '1', '4', 'clicked', 0],
    ]);
  });

  it('are read alike in experiments, onboarding, meetings and deals of a scorecard', async () => {
    const events: Parameters<typeof bothWays>[0] = [
      [1, 'Experiment Viewed', { experiment_id: 1, variation_id: 0 }],
      [1, 'Onboarding Step Completed', { step: 1 }],
      [1, 'Meeting Booked', { meeting_id: 6 }],
      [1, 'Meeting Booked', { meeting_id: 6 }],
      [1, 'Deal Won', { deal_id: 8, amount: 99.5 }],
      [1, 'Deal Won', { deal_id: 8, amount: 99.5 }],
    ];
    expect(await bothWays(events, 'SELECT experiment_id, variation FROM experiment_exposures')).toEqual([['1', '0']]);
    expect(await bothWays(events, 'SELECT step, completed FROM onboarding')).toEqual([['1', 1]]);
    expect(
      await bothWays(events, 'SELECT event, occasions, toString(amount) FROM occasion_days ORDER BY event'),
    ).toEqual([
      ['Deal Won', 1, '99.5'],
      ['Meeting Booked', 1, '0'],
    ]);
  });

  it('are read alike in the traits of accounts', async () => {
    for (const employees of [12, '12']) {
      await analytics.clear();
      await analytics.workspace();
      await analytics.touchpoints([
        touchpoint('ann', at(1), { type: 'group', groupId: 'acme', traits: { name: 3, plan: 1, employees } }),
      ]);
      expect(await analytics.rows('SELECT name, plan, employees FROM accounts')).toEqual([['3', '1', 12]]);
    }
  });

  it('is nothing where null is said: each is one of its own, of nobody', async () => {
    const nothing = { task_id: null, owner_id: null, ticket_id: null, deal_id: null, response_id: null };
    await analytics.clear();
    await analytics.workspace();
    for (const event of ['Task Created', 'Support Ticket Opened', 'Deal Created', 'Survey Responded']) {
      const properties = { ...nothing, survey: 'nps', survey_id: 'x', score: 9 };
      await analytics.touchpoints([
        { ...track('ann', at(1), event, properties), messageId: `${event} 1` },
        { ...track('ann', at(1), event, properties), messageId: `${event} 2` },
      ]);
    }
    expect(await analytics.rows('SELECT task_id, owner_id FROM tasks ORDER BY 1')).toEqual([
      ['Task Created 1', ''],
      ['Task Created 2', ''],
    ]);
    expect(await analytics.rows('SELECT count() FROM support_tickets')).toEqual([[2]]);
    expect(await analytics.rows('SELECT count() FROM deals')).toEqual([[2]]);
    expect(await analytics.rows('SELECT count() FROM survey_responses')).toEqual([[2]]);
  });

  it('holds for views to come: none reads a named property so that text and numbers differ', () => {
    const folder = path.join(root, 'schemas/clickhouse/views');
    const apart = readdirSync(folder).flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/JSONExtract(Raw|Bool|Int|Float)\([^)]*\)/g)].map(
        ([call]) => `${file}: ${call} instead of JSONExtractString`,
      ),
    );
    expect(apart).toEqual([]);
  });
});
