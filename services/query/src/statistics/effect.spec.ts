import { hasSharedData, referenceFigures } from '@rapport/testing';
import fc from 'fast-check';
import { absoluteEffect, relativeEffect, type Effect } from './effect.js';
import { meanSample, proportionSample, type Sample } from './sample.js';
import { sequentialEffect } from './sequential.js';

const cases = 'experiments_growthbook_cases';

interface Case {
  readonly test: string;
  readonly expected: number;
  readonly ci: readonly [number, number];
  readonly se?: number;
  readonly sd?: number;
  readonly p?: number;
  readonly chance_to_win?: number;
}

const larger = meanSample(3461, 2422.7, 134698.29);
const means: readonly [Sample, Sample] = [meanSample(3407, 1396.87, 52377.9767), larger];

describe('effects', () => {
  const published = hasSharedData([`reference/${cases}.json`])
    ? referenceFigures<{ published: readonly Case[] }>(cases).published
    : [];
  const arms: Readonly<Record<string, readonly [Sample, Sample]>> = {
    'two-sided t, relative': means,
    'two-sided t, absolute': means,
    'two-sided, proportions 14/28 vs 16/30, relative': [proportionSample(14, 28), proportionSample(16, 30)],
    'sequential, means, relative, tuning 1000': [meanSample(3000, 1396.87, 52377.9767), larger],
    'sequential, proportions 1396/3000 vs 2422/3461, relative, tuning 5000': [
      proportionSample(1396, 3000),
      proportionSample(2422, 3461),
    ],
    'Bayesian proportions 49/100 vs 51/100, relative': [proportionSample(49, 100), proportionSample(51, 100)],
    'Bayesian means sum 100, ss 1002.25, n 10 vs sum 105, ss 1111.5, n 10, relative': [
      meanSample(10, 100, 1002.25),
      meanSample(10, 105, 1111.5),
    ],
  };

  (published.length > 0 ? it : it.skip)('are those of GrowthBook, every case, to the printed digits', () => {
    expect(published.map(({ test }) => test)).toEqual(Object.keys(arms));
    for (const { test, expected, ci, se, sd, p, chance_to_win: chance } of published) {
      const [control, treatment] = arms[test] as readonly [Sample, Sample];
      const effect = (test.includes('absolute') ? absoluteEffect : relativeEffect)(control, treatment) as Effect;
      const tuning = /tuning (\d+)/.exec(test)?.[1];
      const sequential = sequentialEffect(effect, control.n + treatment.n, {
        alpha: 0.05,
        tuning: Number(tuning ?? 1),
      });
      expect(effect.estimate).toBeCloseTo(expected, 5);
      if (se !== undefined) expect(effect.standardError).toBeCloseTo(se, 5);
      if (p !== undefined) expect(effect.p).toBeCloseTo(p, 5);
      if (chance !== undefined) expect(effect.chanceToWin).toBeCloseTo(chance, 5);
      if (sd !== undefined) expect(effect.standardError).toBeCloseTo(sd, 5);
      // The Bayesian interval is a normal one.
      const bayesian: Effect['interval'] = [
        effect.estimate - 1.959964 * effect.standardError,
        effect.estimate + 1.959964 * effect.standardError,
      ];
      const interval = tuning !== undefined ? sequential.interval : sd || chance ? bayesian : effect.interval;
      expect(Math.abs(interval[0] - ci[0])).toBeLessThanOrEqual(1e-5);
      expect(Math.abs(interval[1] - ci[1])).toBeLessThanOrEqual(1e-5);
    }
  });

  it('are none where nothing varies, nobody is there, or the control is 0', () => {
    const same = meanSample(5, 10, 20);
    expect(absoluteEffect(same, same)).toBeNull();
    expect(absoluteEffect(meanSample(0, 0, 0), means[0])).toBeNull();
    expect(absoluteEffect(meanSample(1, 3, 9), means[0])).toBeNull();
    expect(relativeEffect(proportionSample(0, 10), proportionSample(3, 10))).toBeNull();
    expect(relativeEffect(proportionSample(3, 10), proportionSample(0, 0))).toBeNull();
  });

  it('turn round when the arms change places, and are never NaN', () => {
    const arm = fc.record({ n: fc.integer({ min: 0, max: 5000 }), rate: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const control = proportionSample(Math.floor(a.n * a.rate), a.n);
        const treatment = proportionSample(Math.floor(b.n * b.rate), b.n);
        const there = absoluteEffect(control, treatment);
        const back = absoluteEffect(treatment, control);
        expect(back === null).toBe(there === null);
        if (there === null || back === null) return;
        expect(back.estimate).toBeCloseTo(-there.estimate, 12);
        expect(back.p).toBeCloseTo(there.p, 12);
        for (const effect of [there, relativeEffect(control, treatment) ?? there]) {
          const figures = [effect.estimate, effect.p, effect.standardError, ...effect.interval, effect.chanceToWin];
          expect(figures.every(Number.isFinite)).toBe(true);
          expect(effect.p).toBeGreaterThanOrEqual(0);
          expect(effect.p).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('sequential effects', () => {
  it('are wider than fixed ones, and their p falls below alpha exactly where the interval leaves 0', () => {
    const rate = fc.integer({ min: 1, max: 199 });
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 100, max: 20_000 }), (a, b, tuning) => {
        const effect = absoluteEffect(proportionSample(a, 200), proportionSample(b, 200)) as Effect;
        const { interval, p } = sequentialEffect(effect, 400, { alpha: 0.05, tuning });
        expect(interval[0]).toBeLessThan(effect.interval[0]);
        expect(interval[1]).toBeGreaterThan(effect.interval[1]);
        expect(p < 0.05).toBe(interval[0] > 0 || interval[1] < 0);
      }),
    );
  });

  it('keep their promise under peeking: an experiment without an effect is rarely ever called one', () => {
    // 400 experiments of two equal arms, looked at after every 50 people an arm, up to 1,000.
    const random = lcg(7);
    let everCalled = { fixed: 0, sequential: 0 };
    for (let experiment = 0; experiment < 400; experiment += 1) {
      const called = peek(random);
      everCalled = {
        fixed: everCalled.fixed + Number(called.fixed),
        sequential: everCalled.sequential + Number(called.sequential),
      };
    }
    expect(everCalled.sequential / 400).toBeLessThanOrEqual(0.05);
    expect(everCalled.fixed / 400).toBeGreaterThan(0.1);
  });
});

function peek(random: () => number): { readonly fixed: boolean; readonly sequential: boolean } {
  const successes = [0, 0];
  let fixed = false;
  let sequential = false;
  for (let people = 1; people <= 1000; people += 1) {
    for (const arm of [0, 1]) if (random() < 0.3) successes[arm] = (successes[arm] ?? 0) + 1;
    if (people % 50 !== 0) continue;
    const [control, treatment] = successes.map((k) => proportionSample(k, people)) as [Sample, Sample];
    const effect = absoluteEffect(control, treatment);
    if (effect === null) continue;
    fixed ||= effect.p < 0.05;
    sequential ||= sequentialEffect(effect, 2 * people, { alpha: 0.05, tuning: 1000 }).p < 0.05;
  }
  return { fixed, sequential };
}

/** Numbers in [0, 1) that are the same in every run. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}
