import { readExperiment, type ExperimentDefinition, type ExperimentResult } from '@rapport/service-query';
import { referenceFigures } from '@rapport/testing';
import { dataSet, describeWith } from '../figures/data-set.js';
import { erased, startAnalytics, track, type Analytics } from './analytics.js';

const day = 86_400_000;
const period = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 1, 1) };

const definition: ExperimentDefinition = {
  ...{ id: 'banner', name: 'Banner', description: null, experiment: 'banner', control: 'control', split: null },
  ...{
    from: null,
    to: null,
    windowMs: 14 * day,
    beforeMs: 0,
    test: 'fixed',
    tuning: 5000,
    alpha: 0.05,
    variance: 'pooled',
  },
  metrics: [
    { id: 'ordered', name: 'Ordered', kind: 'conversion', event: 'Order Completed', cap: null, zeros: true },
    { id: 'revenue', name: 'Revenue', kind: 'value', event: 'Order Completed', cap: null, zeros: true },
  ],
};

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const viewed = (person: string, at: string | number, variation: string) =>
  track(person, at, 'Experiment Viewed', { experiment_id: 'banner', variation_id: variation });
const order = (person: string, at: string | number, total: number, properties = {}) =>
  track(person, at, 'Order Completed', { total, ...properties });
const read = (overrides: Partial<ExperimentDefinition> = {}, during = period): Promise<ExperimentResult> =>
  readExperiment(analytics.clickhouse.client, 'default', { ...definition, ...overrides }, during);

describe('an experiment', () => {
  const arms = async () =>
    (await read()).metrics.map(({ arms: all }) =>
      all.map(({ variation, people, converted, value }) => [variation, people, converted, value]),
    );

  it('counts what follows the first exposure, within the window, once', async () => {
    await analytics.touchpoints([
      viewed('ann', '2024-01-05T10:00:00Z', 'new'),
      viewed('ann', '2024-01-09T10:00:00Z', 'new'),
      order('ann', '2024-01-05T10:00:00Z', 10, { order_id: '1' }),
      order('ann', '2024-01-05T10:00:00Z', 10, { order_id: '1' }),
      order('ann', '2024-01-06T10:00:00Z', 5, { order_id: '2' }),
      // Before the exposure, after the window, of another currency: a conversion without money.
      viewed('bob', '2024-01-05T10:00:00Z', 'control'),
      order('bob', '2024-01-05T09:59:59Z', 10),
      order('bob', '2024-01-19T10:00:00Z', 10),
      viewed('cid', '2024-01-05T10:00:00Z', 'control'),
      order('cid', '2024-01-06T10:00:00Z', 10, { currency: 'USD' }),
      order('elsewhere', '2024-01-06T10:00:00Z', 10, { currency: 'EUR' }),
      erased(viewed('dot', '2024-01-05T10:00:00Z', 'new')),
    ]);
    const expected = [
      ['control', 2, 1, '0'],
      ['new', 1, 1, '15'],
    ];
    expect(await arms()).toEqual([expected, expected]);
  });

  it('leaves out who saw several variations, under whatever profile, and says how many', async () => {
    await analytics.touchpoints([
      viewed('ann', '2024-01-05T10:00:00Z', 'new'),
      viewed('phone', '2024-01-06T10:00:00Z', 'control'),
      viewed('bob', '2024-01-06T10:00:00Z', 'control'),
    ]);
    await analytics.merge('ann', 'phone');
    expect(await read()).toMatchObject({ people: { control: 1 }, mixedPeople: 1 });
  });

  it('sees a sample ratio that is not the declared one', async () => {
    const people = Array.from({ length: 100 }, (_, i) =>
      viewed(`p${i}`, '2024-01-05T10:00:00Z', i < 80 ? 'new' : 'control'),
    );
    await analytics.touchpoints(people);
    expect((await read()).sampleRatio).toMatchObject({ chiSquare: 36, mismatch: true });
    expect((await read({ split: { control: 1, new: 4 } })).sampleRatio).toMatchObject({ p: 1, mismatch: false });
    expect((await read({ split: { control: 1, new: 4, lost: 5 } })).sampleRatio).toMatchObject({ mismatch: true });
  });

  it('takes the hold-out of a journey as its control', async () => {
    const at = '2024-01-05 10:00:00.000';
    const step = (profile_id: string, kind: string, reason: string) => ({
      ...{ workspace_id: 'default', profile_id, journey_id: 'welcome', journey_version: 1, instance_id: profile_id },
      ...{ kind, step_id: '', reason, due_at: null, timestamp: at, cause_id: '', appended_at: at },
      ...{ log_partition: 0, log_offset: 0 },
    });
    await analytics.insert('journeys', [
      step('ann', 'entered', ''),
      step('bob', 'entry-refused', 'holdout'),
      step('cid', 'entry-refused', 'too-old'),
    ]);
    await analytics.touchpoints([order('ann', '2024-01-06T10:00:00Z', 3)]);
    const result = await read({ experiment: 'journey:welcome', control: 'holdout' });
    expect(result.people).toEqual({ holdout: 1, treated: 1 });
    expect(result.comparisons.map(({ variation, tooFew }) => [variation, tooFew])).toEqual([
      ['treated', true],
      ['treated', false],
    ]);
  });

  it('caps outliers where told to', async () => {
    await analytics.touchpoints([
      viewed('ann', '2024-01-05T10:00:00Z', 'new'),
      order('ann', '2024-01-06T10:00:00Z', 1_000_000),
    ]);
    const metrics = [
      { id: 'revenue', name: '', kind: 'value', event: 'Order Completed', cap: 99.5, zeros: true },
    ] as const;
    expect((await read({ metrics })).metrics[0]?.arms[0]?.value).toBe('99.5');
  });

  it('leaves those who brought nothing out of the mean where told to, and then says nothing of what all brought', async () => {
    const people = ['a', 'b', 'c', 'd', 'e', 'f'];
    await analytics.touchpoints([
      ...people.map((person, at) => viewed(person, '2024-01-05T10:00:00Z', at < 3 ? 'control' : 'new')),
      ...[10, 20].map((total, at) => order(String(people[at]), '2024-01-06T10:00:00Z', total)),
      ...[30, 50].map((total, at) => order(String(people[at + 3]), '2024-01-06T10:00:00Z', total)),
    ]);
    const metric = { id: 'revenue', name: '', kind: 'value', event: 'Order Completed', cap: null } as const;
    const means = async (zeros: boolean) => {
      const { metrics, comparisons } = await read({ metrics: [{ ...metric, zeros }], beforeMs: 30 * day });
      return [metrics[0]?.arms.map(({ people: all, mean }) => [all, mean]), comparisons[0]] as const;
    };
    const [withZeros, all] = await means(true);
    expect(withZeros).toEqual([
      [3, 10],
      [3, 80 / 3],
    ]);
    expect(all?.incremental).toBeCloseTo(50, 9);
    const [without, converted] = await means(false);
    expect(without).toEqual([
      [3, 15],
      [3, 40],
    ]);
    expect(converted).toMatchObject({ incremental: null, adjusted: null, method: 'Welch t' });
    // Variances 50 and 200 of two each: sqrt(25 + 100).
    expect(converted?.difference?.estimate).toBe(25);
    expect(converted?.difference?.standardError).toBeCloseTo(Math.sqrt(125), 9);
  });

  it('says nothing where nobody was exposed, and nothing that is no number', async () => {
    expect(await read()).toMatchObject({ people: {}, mixedPeople: 0, sampleRatio: null, comparisons: [] });
    await analytics.touchpoints([
      viewed('ann', '2024-01-05T10:00:00Z', 'new'),
      viewed('bob', '2024-01-05T10:00:00Z', 'control'),
    ]);
    const { comparisons } = await read({ beforeMs: 30 * day });
    expect(comparisons).toEqual(
      ['ordered', 'revenue'].map((metric) =>
        expect.objectContaining({ metric, difference: null, lift: null, p: null, adjusted: null, significant: false }),
      ),
    );
  });
});

const files = ['experiments/hillstrom_mens_vs_control.csv.gz'];

interface Rates {
  readonly control: number;
  readonly treatment: number;
  readonly rate_control: number;
  readonly diff: number;
  readonly z_pooled: number;
  readonly p_pooled: number;
  readonly p_unpooled: number;
  readonly diff_ci_wald: readonly [number, number];
  readonly diff_ci_newcombe: readonly [number, number];
  readonly relative_lift: number;
  readonly relative_lift_se_delta: number;
  readonly wilson_treatment: readonly [number, number];
  readonly wilson_control: readonly [number, number];
  readonly sequential_absolute: { readonly ci: readonly [number, number] };
  readonly holdout_lift: { readonly incremental_total: number };
}

interface Means {
  readonly mean_control: number;
  readonly mean_treatment: number;
  readonly diff: number;
  readonly se: number;
  readonly p: number;
  readonly diff_ci: readonly [number, number];
  readonly relative_lift: number;
  readonly relative_lift_se_delta: number;
  readonly incremental_total: number;
}

interface Hillstrom {
  readonly n_control: number;
  readonly n_treatment: number;
  readonly srm_equal_split: { readonly chi2: number; readonly p: number };
  readonly visit: Rates;
  readonly conversion: Rates;
  readonly spend: Means;
  readonly spend_cuped_on_history: Omit<Means, 'incremental_total'> & { readonly theta: number };
}

describeWith([...files, 'reference/experiments_hillstrom_mens.json'])("Hillstrom's e-mail to men, against none", () => {
  let figures: Hillstrom;
  const mailing = { from: Date.UTC(2005, 8, 1), to: Date.UTC(2005, 9, 1) };
  const mail: Partial<ExperimentDefinition> = {
    experiment: 'hillstrom-mens',
    beforeMs: 365 * day,
    metrics: [
      { id: 'visit', name: 'Visit', kind: 'conversion', event: 'Site Visited', cap: null, zeros: true },
      { id: 'conversion', name: 'Order', kind: 'conversion', event: 'Order Completed', cap: null, zeros: true },
      { id: 'spend', name: 'Spend', kind: 'value', event: 'Order Completed', cap: null, zeros: true },
    ],
  };
  const close = (found: number | undefined, expected: number, within: number): void =>
    expect(Math.abs((found ?? NaN) - expected)).toBeLessThanOrEqual(within);
  const closeInterval = (
    found: readonly [number, number] | null | undefined,
    expected: readonly [number, number],
    within = 1e-6,
  ): void => {
    close(found?.[0], expected[0], within);
    close(found?.[1], expected[1], within);
  };
  it('comes out as published: split, rates, intervals, lifts, spend, and spend adjusted by history', async () => {
    figures = referenceFigures<{ verified_here: Hillstrom }>('experiments_hillstrom_mens').verified_here;
    for await (const touchpoints of dataSet('hillstrom', files)) await analytics.touchpoints(touchpoints);
    const { people, sampleRatio, metrics, comparisons } = await read(mail, mailing);
    expect(people).toEqual({ control: figures.n_control, 'mens-email': figures.n_treatment });
    close(sampleRatio?.chiSquare, figures.srm_equal_split.chi2, 1e-9);
    close(sampleRatio?.p, figures.srm_equal_split.p, 1e-6);
    const [visit, conversion, spend] = comparisons;
    for (const [rates, found, arms] of [
      [figures.visit, visit, metrics[0]?.arms],
      [figures.conversion, conversion, metrics[1]?.arms],
    ] as const) {
      const control = arms?.find(({ variation }) => variation === 'control');
      expect(control?.converted).toBe(rates.control);
      close(control?.mean, rates.rate_control, 1e-9);
      closeInterval(control?.interval, rates.wilson_control);
      const treated = arms?.find(({ variation }) => variation === 'mens-email');
      expect(treated?.converted).toBe(rates.treatment);
      closeInterval(treated?.interval, rates.wilson_treatment);
      expect(found?.chanceToWin).toBeCloseTo(1, 9);
      close(found?.difference?.estimate, rates.diff, 1e-9);
      closeInterval(found?.difference?.interval, rates.diff_ci_newcombe);
      expect((found?.p ?? NaN) / rates.p_pooled).toBeCloseTo(1, 3);
      close(found?.lift?.estimate, rates.relative_lift, 1e-9);
      close(found?.lift?.standardError, rates.relative_lift_se_delta, 1e-6);
      close(found?.incremental ?? NaN, rates.holdout_lift.incremental_total, 1e-6);
    }
    const { spend: money, spend_cuped_on_history: adjusted } = figures;
    const means = metrics[2]?.arms.map(({ mean }) => mean) ?? [];
    close(means[0], money.mean_control, 1e-9);
    close(means[1], money.mean_treatment, 1e-9);
    closeInterval(spend?.difference?.interval, money.diff_ci);
    close(spend?.difference?.standardError, money.se, 1e-6);
    expect((spend?.p ?? NaN) / money.p).toBeCloseTo(1, 3);
    close(spend?.lift?.standardError, money.relative_lift_se_delta, 1e-6);
    close(spend?.incremental ?? NaN, money.incremental_total, 1e-4);
    close(spend?.adjusted?.theta, adjusted.theta, 1e-9);
    close(spend?.adjusted?.estimate, adjusted.diff, 1e-6);
    closeInterval(spend?.adjusted?.interval, adjusted.diff_ci);
    expect((spend?.adjusted?.p ?? NaN) / adjusted.p).toBeCloseTo(1, 3);
    expect(comparisons.map(({ significant }) => significant)).toEqual([true, true, true]);

    const apart = await read({ ...mail, variance: 'unpooled' }, mailing);
    for (const [at, rates] of [figures.visit, figures.conversion].entries()) {
      closeInterval(apart.comparisons[at]?.difference?.interval, rates.diff_ci_wald);
      expect((apart.comparisons[at]?.p ?? NaN) / rates.p_unpooled).toBeCloseTo(1, 3);
    }

    const anyDay = await read({ ...mail, test: 'sequential' }, mailing);
    closeInterval(anyDay.comparisons[0]?.difference?.interval, figures.visit.sequential_absolute.ci);
    closeInterval(anyDay.comparisons[1]?.difference?.interval, figures.conversion.sequential_absolute.ci);
  });
});
