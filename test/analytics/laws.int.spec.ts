import type { OpenedTouchpoint } from '@rapport/events';
import { insertSmallShopTables } from '../sql-docs/small-shop-tables.js';
import { smallShop } from '../sql-docs/small-shop.js';
import { catalog } from '../sql-docs/describe-views.js';
import { erased, startAnalytics, type Analytics } from './analytics.js';

/** What every view answers, by view: each row as JSON, in no order. */
type Answers = Readonly<Record<string, readonly string[]>>;

/** A column that says how or when something was recorded, and not what happened. */
const aboutRecording =
  /^(received_at|(first|last)_received_at|median_delay_seconds|log_partition|log_offset|message_id|conversion_id|session_id|walked|with_campaign)$/;
const parameterOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cohort_margin: { by: 'first-purchase' },
  cohort_members: { by: 'first-purchase' },
  cohort_value: { by: 'first-purchase' },
  retention: { by: 'first-purchase' },
  subscription_survival: { by: '' },
};

let analytics: Analytics;
let views: readonly (readonly [name: string, from: string])[];
let plain: Answers;

async function answers(): Promise<Answers> {
  const found: Record<string, readonly string[]> = {};
  for (const [name, from] of views) {
    const columns = (await analytics.rows(`DESCRIBE TABLE (SELECT * FROM ${from})`)).map(([column]) => String(column));
    const told = columns.filter((column) => !aboutRecording.test(column)).map((column) => `\`${column}\``);
    const rows = await analytics.rows(
      `SELECT ${told.length === 0 ? 'count()' : told.join(', ')} FROM ${from} SETTINGS output_format_json_quote_denormals = 1`,
    );
    found[name] = rows.map((row) => JSON.stringify(row)).toSorted();
  }
  return found;
}

async function given(touchpoints: readonly OpenedTouchpoint[], { oneByOne = false } = {}): Promise<Answers> {
  await analytics.clear();
  await analytics.workspace();
  await insertSmallShopTables(analytics);
  if (oneByOne) for (const touchpoint of touchpoints) await analytics.touchpoints([touchpoint]);
  else await analytics.touchpoints(touchpoints);
  return answers();
}

const recorded = (touchpoints: readonly OpenedTouchpoint[]): readonly OpenedTouchpoint[] =>
  touchpoints.map((touchpoint, at) => ({
    ...{ ...touchpoint, messageId: touchpoint.messageId, logOffset: at, receivedAt: Date.UTC(2024, 7, 1) + at },
  }));
const differing = (found: Answers, butFor: readonly string[] = []): readonly string[] =>
  views
    .map(([name]) => name)
    .filter((name) => !butFor.includes(name) && JSON.stringify(found[name]) !== JSON.stringify(plain[name]));

describe('every view', () => {
  beforeAll(async () => {
    analytics = await startAnalytics();
    const found = (await analytics.rows(
      "SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() AND engine = 'View' ORDER BY name",
    )) as [string, string][];
    views = found.map(([name, definition]) => {
      const parameters = [...new Set([...definition.matchAll(/\{(\w+):/g)].map(([, one]) => String(one)))];
      const given = parameters.map((one) => {
        const value = parameterOf[name]?.[one] ?? catalog.parameters[one]?.example ?? '';
        return `${one} = ${typeof value === 'number' || value.startsWith('[') ? value : `'${value}'`}`;
      });
      return [name, parameters.length === 0 ? name : `${name}(${given.join(', ')})`] as const;
    });
    plain = await given(recorded(smallShop()));
  }, 600_000);
  afterAll(() => analytics.stop());

  it('says something of the small shop', () => {
    expect(Object.keys(plain).filter((name) => plain[name]?.length === 0)).toEqual([]);
  });

  it('answers with no number that is none, of the shop, of one without orders, and of none', async () => {
    const wrong = (found: Answers) =>
      views.map(([name]) => name).filter((name) => /"-?(nan|inf)"/i.test(String(found[name])));
    const visits = smallShop().filter(({ type }) => type === 'page');
    expect([wrong(plain), wrong(await given(recorded(visits))), wrong(await given([]))]).toEqual([[], [], []]);
  }, 600_000);

  it('answers the same when everything arrives late, the newest first', async () => {
    expect(differing(await given(recorded(smallShop().toReversed()), { oneByOne: true }))).toEqual([]);
  }, 600_000);

  it('answers the same whichever of the profiles of a person did it', async () => {
    // All that ann did, she did on her phone.
    const moved = smallShop().map((touchpoint) =>
      touchpoint.profileId === 'ann'
        ? { ...touchpoint, profileId: 'ann-phone', loneProfileId: 'ann-phone' }
        : touchpoint,
    );
    // These name the profile that it was recorded under, because the person is looked up by who asks them; of traits, how many there are.
    const named = [
      ...['conversion_rows', 'found_message_events', 'found_reviews', 'found_survey_responses', 'money_rows'],
      ...['order_rows', 'touchpoints', 'trait_usage'],
    ];
    expect(differing(await given(recorded(moved)), named)).toEqual([]);
  }, 600_000);

  it('says nothing of a person who was erased but that there were touchpoints', async () => {
    const gone = smallShop().map((touchpoint) =>
      erased({ ...touchpoint, profileId: 'gone', loneProfileId: 'gone', messageId: `gone-${touchpoint.messageId}` }),
    );
    // These count touchpoints, profiles and visits, whoever they are of.
    const counting = [
      'conversion_paths',
      'conversion_walks',
      'grouped_paths',
      'people_seen',
      'profiles',
      // Tickets for each person seen in the month.
      'scorecard_monthly',
      'sessions',
      'source_quality',
      'timeline',
      'touchpoints',
      'touch_labels',
      'touches',
      'plan_violations',
    ];
    expect(differing(await given(recorded([...smallShop(), ...gone])), counting)).toEqual([]);
  }, 600_000);
});
