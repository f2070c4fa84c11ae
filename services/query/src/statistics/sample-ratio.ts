import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';

export interface SampleRatio {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** The people were not split as declared: something loses or adds them, and no comparison can be trusted. */
  readonly mismatch: boolean;
}

/** Below this the split counts as broken: the usual alarm, since the check is made for every experiment every day. */
const alarm = 0.001;

/**
 * Pearson's chi-square test of the people per arm against the declared split. Null with fewer than two arms or nobody.
 * `weights` need not add up to 1; each is above 0.
 */
export function sampleRatio(people: readonly number[], weights: readonly number[]): SampleRatio | null {
  const total = people.reduce((sum, n) => sum + n, 0);
  const weight = weights.reduce((sum, w) => sum + w, 0);
  if (people.length < 2 || total === 0) return null;
  const chiSquare = people.reduce((sum, observed, arm) => {
    const expected = (total * (weights[arm] ?? 0)) / weight;
    return sum + (observed - expected) ** 2 / expected;
  }, 0);
  const degreesOfFreedom = people.length - 1;
  const p = Math.max(0, 1 - chiSquareCdf(chiSquare, degreesOfFreedom));
  return { chiSquare, degreesOfFreedom, p, mismatch: p < alarm };
}
