import { readAttribution, type Attribution, type AttributionDefinition } from '@rapport/service-query';
import { referenceFigures } from '@rapport/testing';
import { dataSet, describeWith } from '../figures/data-set.js';
import { startAnalytics, type Analytics } from './analytics.js';

/** Paths of an anonymised shop (R package ChannelAttribution), and what its models say of them. */
const files = ['attribution/PathData.csv.gz'];

type ByChannel = Readonly<Record<string, number>>;

interface Figures {
  readonly totals: { readonly conversions: number; readonly value: number };
  readonly heuristics_conversions: Readonly<Record<string, ByChannel>>;
  readonly heuristics_value: Readonly<Record<string, ByChannel>>;
  readonly markov_order1: { readonly removal_effect: ByChannel; readonly attribution: ByChannel };
  readonly shapley_conversions: ByChannel;
}

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
/** The mapping loads the file's values in millionths. */
const unit = 1e6;

const definition: AttributionDefinition = {
  ...{ id: 'paths', name: 'Paths', description: null, conversion: 'Order Completed', by: 'source', restart: true },
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
