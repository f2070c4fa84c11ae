import { randomBeta, randomExponential, randomGamma, randomNormal, randomPoisson } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/** Draws that repeat for the same seed and stream, on every machine. */
export interface Randomness {
  /** Uniform in [0, 1). */
  uniform(): number;
  chance(probability: number): boolean;
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  pickWeighted<T>(items: readonly T[], weight: (item: T) => number): T;
  gamma(shape: number, scale: number): number;
  beta(alpha: number, beta: number): number;
  exponential(rate: number): number;
  normal(mean: number, deviation: number): number;
  poisson(mean: number): number;
}

/** `stream` numbers independent sequences of one seed (a person each), so that more people never change the first ones. */
export function randomness(seed: number, stream: number): Randomness {
  const generator = mersenne(mix(mix(seed) ^ stream));
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    chance: (probability) => uniform() < probability,
    between: (low, high) => low + uniform() * (high - low),
    pick: (items) => items[Math.floor(uniform() * items.length)] as (typeof items)[number],
    pickWeighted: (items, weight) => pickWeighted(items, weight, uniform()),
    gamma: (shape, scale) => randomGamma.source(uniform)(shape, scale)(),
    beta: (alpha, beta) => randomBeta.source(uniform)(alpha, beta)(),
    exponential: (rate) => randomExponential.source(uniform)(rate)(),
    normal: (mean, deviation) => randomNormal.source(uniform)(mean, deviation)(),
    poisson: (mean) => randomPoisson.source(uniform)(mean)(),
  };
}

function pickWeighted<T>(items: readonly T[], weight: (item: T) => number, uniform: number): T {
  let rest = uniform * items.reduce((sum, item) => sum + weight(item), 0);
  for (const item of items) {
    rest -= weight(item);
    if (rest < 0) return item;
  }
  return items.at(-1) as T;
}

/** The finalizer of MurmurHash3: neighbouring seeds become unrelated ones. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
