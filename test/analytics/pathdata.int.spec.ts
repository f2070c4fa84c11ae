import { readAttribution, type Attribution, type AttributionDefinition } from '@rapport/service-query';
import { referenceFigures } from '@rapport/testing';
import { dataSet, describeWith } from '../figures/data-set.js';
import { startAnalytics, type Analytics } from './analytics.js';

/** Paths of an anonymised shop (R package ChannelAttribution), and what its models say of them. */
const files = ['attribution/PathData.csv.gz'];

type ByChannel = Readonly<Record<string, number>>;

interface Figures {
  readonly totals: { readonly conversions: number; readonly value: number; readonly null: number };
  readonly heuristics_conversions: Readonly<Record<string, ByChannel>>;
  readonly heuristics_value: Readonly<Record<string, ByChannel>>;
  readonly markov_order1: { readonly removal_effect: ByChannel; readonly attribution: ByChannel };
  readonly shapley_conversions: ByChannel;
  readonly transition_from_start: ByChannel;
  readonly transition_from_alpha: ByChannel;
}

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
/** The mapping loads the file's values in millionths. */
const unit = 1e6;

const definition: AttributionDefinition = {
  ...{ id: 'paths', name: 'Paths', description: null, conversion: 'Order Completed', by: 'source', restart: true },
  ...{ removal: 'step', nullPaths: true },
  ...{ lookBackMs: 100 * hour, halfLifeMs: 24 * hour },
};

describeWith([...files, 'reference/attribution_pathdata.json'])('attribution of PathData', () => {
  let analytics: Analytics;
  let attribution: Attribution;
  let figures: Figures;

  beforeAll(async () => {
    figures = referenceFigures<{ verified_here: Figures }>('attribution_pathdata').verified_here;
    analytics = await startAnalytics();
    await analytics.workspace();
    for await (const touchpoints of dataSet('pathdata', files)) await analytics.touchpoints(touchpoints);
    const { client } = analytics.clickhouse;
    attribution = await readAttribution(client, 'default', definition, { from: start, to: start + 200 * hour });
  });
  afterAll(() => analytics.stop());

  const creditsOf = (model: string) =>
    attribution.models.find((each) => each.model === model)?.credits.map((credit) => credit) ?? [];

  it('counts every conversion and its value', () => {
    expect(attribution.conversions).toBe(figures.totals.conversions);
    expect(Math.abs(attribution.value.toNumber() / unit - figures.totals.value)).toBeLessThan(1e-6);
  });

  it.each([
    ['first', 'first'],
    ['last', 'last'],
    ['last', 'last-non-direct'],
    ['linear', 'linear'],
    ['linear_distinct', 'linear-distinct'],
    ['position_40_20_40', 'position'],
  ])('gives the credits of %s', (published, model) => {
    const credits = creditsOf(model);
    const conversions = figures.heuristics_conversions[published] ?? {};
    expect(credits.map(({ label }) => label)).toEqual(Object.keys(conversions).sort());
    for (const credit of credits) {
      expect(Math.abs(credit.conversions.toNumber() - (conversions[credit.label] ?? NaN))).toBeLessThan(1e-6);
      const value = figures.heuristics_value[published]?.[credit.label] ?? NaN;
      expect(Math.abs(credit.value.toNumber() / unit - value)).toBeLessThan(1e-6);
    }
  });

  it('goes from channel to channel, to a conversion or to none as often as published', async () => {
    // A path of n touches has n + 1 steps; all but the last are of those who converted and those who did not.
    const rows = await analytics.rows(
      `WITH arrayZip(arrayPushFront(path, '(start)'), arrayPushBack(path, '(end)')) AS steps
       SELECT step.1, if(step.2 = '(end)', ending.1, step.2) AS next, sum(if(step.2 = '(end)', ending.2, conversions + nulls)) AS people
       FROM grouped_paths(workspace = 'default', conversion = 'Order Completed', from = '2024-01-01 00:00:00.000', to = '2024-01-09 08:00:00.000', lookback_seconds = 360000, restart = 1, by = 'source')
       ARRAY JOIN steps AS step
       ARRAY JOIN if(step.2 = '(end)', [('(conversion)', conversions), ('(null)', nulls)], [('', 0)]) AS ending
       GROUP BY step.1, next HAVING people > 0`,
    );
    const shares = (from: string): ByChannel => {
      const own = rows.filter(([state]) => state === from);
      const all = own.reduce((sum, [, , people]) => sum + Number(people), 0);
      return Object.fromEntries(own.map(([, next, people]) => [String(next), Number(people) / all]));
    };
    for (const [from, expected] of [
      ['(start)', figures.transition_from_start],
      ['alpha', figures.transition_from_alpha],
    ] as const) {
      const found = shares(from);
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
      for (const [next, share] of Object.entries(expected)) expect(found[next]).toBeCloseTo(share, 12);
    }
    const ended = rows.filter(([, next]) => next === '(null)').reduce((sum, [, , people]) => sum + Number(people), 0);
    expect(ended).toBe(figures.totals.null);
  });

  it('solves the Markov chain exactly', () => {
    const { removal_effect: effects, attribution: credited } = figures.markov_order1;
    expect([...attribution.removalEffects.keys()].sort()).toEqual(Object.keys(effects).sort());
    for (const [channel, effect] of attribution.removalEffects) {
      expect(Math.abs(effect - (effects[channel] ?? NaN))).toBeLessThan(1e-6);
    }
    for (const { label, conversions } of creditsOf('markov')) {
      expect(Math.abs(conversions.toNumber() - (credited[label] ?? NaN))).toBeLessThan(1e-5);
    }
  });

  it('has the Shapley values', () => {
    const credits = creditsOf('shapley');
    expect(credits).toHaveLength(Object.keys(figures.shapley_conversions).length);
    for (const { label, conversions } of credits) {
      expect(Math.abs(conversions.toNumber() - (figures.shapley_conversions[label] ?? NaN))).toBeLessThan(1e-6);
    }
  });

  it('adds up in every model', () => {
    expect(attribution.models).toHaveLength(9);
    for (const { credits } of attribution.models) {
      expect(String(credits.reduce((sum, { conversions }) => conversions.plus(sum), attribution.value.times(0)))).toBe(
        String(figures.totals.conversions),
      );
      expect(String(credits.reduce((sum, { value }) => value.plus(sum), attribution.value.times(0)))).toBe(
        String(attribution.value),
      );
    }
  });
});
