import { hasSharedData, referenceFigures } from '@rapport/testing';
import fc from 'fast-check';
import { newcombe, peoplePerArm, wilson, type Interval } from './proportion-intervals.js';
import { sampleRatio } from './sample-ratio.js';
import { twoProportionTest } from './two-proportion-test.js';

interface Reference {
  readonly published: {
    readonly wilson95: readonly { readonly k: number; readonly n: number; readonly ci: Interval }[];
    readonly newcombe_difference: {
      readonly k1: number;
      readonly n1: number;
      readonly k2: number;
      readonly n2: number;
      readonly p1_minus_p2_ci: Interval;
    };
    readonly sample_size: readonly {
      readonly p: number;
      readonly relative_mde: number;
      readonly power: number;
      readonly alpha: number;
      readonly per_arm: number;
    }[];
  };
  readonly verified_here: { readonly wilson: readonly Interval[]; readonly newcombe: Interval };
  readonly tolerance: { readonly absolute: number };
}

describe('intervals of proportions', () => {
  (hasSharedData(['reference/proportions.json']) ? it : it.skip)(
    'are those of Newcombe 1998, and the people needed those of Evan Miller',
    () => {
      const { published, verified_here: verified, tolerance } = referenceFigures<Reference>('proportions');
      const expectInterval = (found: Interval | null, expected: Interval, within: number): void => {
        expect(Math.abs((found?.[0] ?? NaN) - expected[0])).toBeLessThanOrEqual(within);
        expect(Math.abs((found?.[1] ?? NaN) - expected[1])).toBeLessThanOrEqual(within);
      };
      published.wilson95.forEach(({ k, n, ci }, at) => {
        expectInterval(wilson(k, n), ci, tolerance.absolute);
        expectInterval(wilson(k, n), verified.wilson[at] as Interval, 1e-9);
      });
      const { k1, n1, k2, n2, p1_minus_p2_ci: difference } = published.newcombe_difference;
      expectInterval(newcombe(k1, n1, k2, n2), difference, tolerance.absolute);
      expectInterval(newcombe(k1, n1, k2, n2), verified.newcombe, 1e-9);
      for (const { p, relative_mde: change, power, alpha, per_arm: people } of published.sample_size) {
        expect(peoplePerArm(p, change, { power, alpha })).toBe(people);
      }
    },
  );

  it('hold the proportion, stay within 0 and 1, and are none of nobody', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(10_000), (n, some) => {
        const k = Math.min(n, some);
        const [lower, upper] = wilson(k, n) as Interval;
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(k / n + 1e-12);
        expect(upper).toBeGreaterThanOrEqual(k / n - 1e-12);
      }),
    );
    expect(wilson(0, 0)).toBeNull();
    expect(newcombe(0, 0, 1, 2)).toBeNull();
    expect(peoplePerArm(0.5, 0)).toBeNull();
    expect(peoplePerArm(0.5, 2)).toBeNull();
  });
});

describe('a test of two proportions', () => {
  it('compares by the hand-checked figures', () => {
    // 10 of 100 against 20 of 100: pooled rate 0.15, z = 0.1 / sqrt(0.15 * 0.85 * 0.02) = 1.980295
    const test = twoProportionTest({ n: 100, successes: 10 }, { n: 100, successes: 20 });
    expect(test?.difference).toBeCloseTo(0.1, 12);
    expect(test?.z).toBeCloseTo(1.980295, 6);
    expect(test?.p).toBeCloseTo(0.04767, 5);
    expect(test?.zUnpooled).toBeCloseTo(2, 12);
  });

  it('says nothing where there is nothing to compare', () => {
    expect(twoProportionTest({ n: 0, successes: 0 }, { n: 9, successes: 1 })).toBeNull();
    expect(twoProportionTest({ n: 9, successes: 0 }, { n: 9, successes: 0 })).toBeNull();
    expect(twoProportionTest({ n: 9, successes: 9 }, { n: 9, successes: 9 })).toBeNull();
  });
});

describe('the check of the sample ratio', () => {
  it('sees a split that is not the declared one', () => {
    // (600 - 500)^2 / 500 twice
    expect(sampleRatio([600, 400], [1, 1])).toMatchObject({ chiSquare: 40, degreesOfFreedom: 1, mismatch: true });
    expect(sampleRatio([600, 400], [3, 2])).toMatchObject({ chiSquare: 0, p: 1, mismatch: false });
    expect(sampleRatio([502, 498, 500], [1, 1, 1])).toMatchObject({ degreesOfFreedom: 2, mismatch: false });
  });

  it('is none of one arm, or of nobody', () => {
    expect(sampleRatio([5], [1])).toBeNull();
    expect(sampleRatio([0, 0], [1, 1])).toBeNull();
  });
});
