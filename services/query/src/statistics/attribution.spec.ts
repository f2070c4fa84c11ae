import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { apportion } from './apportion.js';
import { markov, type MarkovOptions, type PathCount } from './markov.js';
import { shapley } from './shapley.js';

const paths = fc.array(
  fc.record<PathCount>({
    path: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 }),
    conversions: fc.nat(20),
    nulls: fc.nat(20),
  }),
  { maxLength: 12 },
);

describe('removal effects', () => {
  it('are those of the example one can solve by hand', () => {
    // Given one path a > b that converts, one path a that does not: from a half go on to b, and all of b convert.
    const { conversionProbability, removalEffects, transitions } = markov([
      { path: ['a', 'b'], conversions: 1, nulls: 0 },
      { path: ['a'], conversions: 0, nulls: 1 },
    ]);
    expect(conversionProbability).toBeCloseTo(0.5, 12);
    expect(Object.fromEntries(removalEffects)).toEqual({ a: 1, b: 1 });
    expect(Object.fromEntries(transitions.get('a') ?? [])).toEqual({ b: 0.5, '(null)': 0.5 });
  });

  it('differ by what taking a channel out does, and by whether those who never converted count', () => {
    // Two of b convert after a, one of b alone; one of a and one of b leave. Start goes to a with 3/5.
    const walked: readonly PathCount[] = [
      { path: ['a', 'b'], conversions: 2, nulls: 0 },
      { path: ['b'], conversions: 1, nulls: 1 },
      { path: ['a'], conversions: 0, nulls: 1 },
    ];
    const effects = (options: MarkovOptions) => Object.fromEntries(markov(walked, options).removalEffects);
    // From b 3 of 4 convert; from the start 2/5 + 3/5 * 2/3 = 4/5 come to b. Without a 2/5 do, half of them.
    expect(effects({}).a).toBeCloseTo(0.5, 12);
    // Without those who left everybody comes to b and converts: 2 of 3 by way of a.
    expect(effects({ nullPaths: false }).a).toBeCloseTo(2 / 3, 12);
    expect(effects({ removal: 'path' })).toEqual({ a: 2 / 3, b: 1 });
  });

  it('do not change when a channel follows itself once more', () => {
    const once = markov([
      { path: ['a', 'b'], conversions: 3, nulls: 4 },
      { path: ['b'], conversions: 1, nulls: 9 },
    ]);
    const twice = markov([
      { path: ['a', 'a', 'b'], conversions: 3, nulls: 4 },
      { path: ['b'], conversions: 1, nulls: 9 },
    ]);
    for (const channel of ['a', 'b']) {
      expect(twice.removalEffects.get(channel)).toBeCloseTo(once.removalEffects.get(channel) ?? NaN, 12);
    }
  });

  it('lie between 0 and 1 whatever people walked, and are none where nobody walked', () => {
    expect(markov([])).toMatchObject({ conversionProbability: 0, removalEffects: new Map() });
    fc.assert(
      fc.property(paths, (walked) => {
        const { conversionProbability, removalEffects } = markov(walked);
        const people = walked.reduce((sum, { conversions, nulls }) => sum + conversions + nulls, 0);
        const converted = walked.reduce((sum, { conversions }) => sum + conversions, 0);
        // Of a walk from the start, the chain converts as often as the people did only when it forgets nothing; but always:
        expect(conversionProbability > 0).toBe(people > 0 && converted > 0);
        for (const effect of removalEffects.values()) {
          expect(effect).toBeGreaterThanOrEqual(0);
          expect(effect).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('Shapley values', () => {
  it('equal the definition, over all orders in which channels can join', () => {
    fc.assert(
      fc.property(paths, (walked) => {
        const closed = shapley(walked);
        for (const [channel, value] of byDefinition(walked)) {
          expect(closed.get(channel) ?? 0).toBeCloseTo(value, 9);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('parts of a total', () => {
  it('add up to it exactly, and differ from their share by less than one unit', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), weights, (units, given) => {
        const total = new Decimal(units.toString()).div(10_000);
        const parts = apportion(total, given, 4);
        expect(parts.reduce((sum, part) => sum.plus(part), new Decimal(0)).eq(total)).toBe(true);
        // Weights are what they are written as; sums of doubles would be off, most of all those of the smallest.
        const Exact = Decimal.clone({ precision: 80 });
        const sum = given.reduce((all, weight) => all.plus(weight), new Exact(0));
        parts.forEach((part, at) => {
          const share = sum.isZero() ? new Exact(1).div(given.length) : new Exact(given[at] ?? 0).div(sum);
          expect(share.times(total).minus(part).abs().toNumber()).toBeLessThanOrEqual(0.0001);
        });
      }),
      { examples: [[-435n, [1.5e-323, 4.4e-323]]] },
    );
  });

  it('give what is left to the largest remainders', () => {
    expect(apportion(new Decimal(1), [1, 1, 1], 2).map(String)).toEqual(['0.34', '0.33', '0.33']);
    expect(apportion(new Decimal(10), [0, 0], 0).map(String)).toEqual(['5', '5']);
    expect(apportion(new Decimal(10), [], 0)).toEqual([]);
  });
});

/** The mean of a channel's marginal contributions over all permutations of the channels. */
function byDefinition(walked: readonly PathCount[]): Map<string, number> {
  const channels = [...new Set(walked.flatMap(({ path }) => path))];
  const worth = (members: ReadonlySet<string>): number =>
    walked.reduce((sum, { path, conversions }) => sum + (path.every((c) => members.has(c)) ? conversions : 0), 0);
  const orders = permutations(channels);
  const values = new Map<string, number>();
  for (const order of orders) {
    order.forEach((channel, at) => {
      const before = new Set(order.slice(0, at));
      const gain = worth(new Set([...before, channel])) - worth(before);
      values.set(channel, (values.get(channel) ?? 0) + gain / orders.length);
    });
  }
  return values;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
