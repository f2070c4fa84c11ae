import type { Sample } from './sample.js';

/** Sums over the people of an arm: the figure y, and the covariate x, which is known from before the exposure. */
export interface CovariateSums {
  readonly n: number;
  readonly y: number;
  readonly yy: number;
  readonly x: number;
  readonly xx: number;
  readonly xy: number;
}

export interface Adjusted {
  /** Weight of the covariate: cov(x, y) / var(x) within the arms, taken together. */
  readonly theta: number;
  /** One an arm, in the order given. */
  readonly samples: readonly Sample[];
}

/**
 * CUPED (Deng et al. 2013): takes off each person's figure what the time before already said, y - theta (x - mean of x).
 * The weight is taken within the arms, so that the effect itself is no part of it.
 * Null when the covariate never varies.
 */
export function cuped(arms: readonly CovariateSums[]): Adjusted | null {
  const within = (of: (arm: CovariateSums) => number): number =>
    arms.reduce((sum, arm) => sum + of(arm) * Math.max(0, arm.n - 1), 0);
  const variance = within(({ n, x, xx }) => spread(n, xx, x, x));
  const people = arms.reduce((sum, { n }) => sum + n, 0);
  if (!(variance > 0)) return null;
  const theta = within(({ n, x, y, xy }) => spread(n, xy, x, y)) / variance;
  const meanOfX = arms.reduce((sum, { x }) => sum + x, 0) / people;
  return { theta, samples: arms.map((arm) => adjusted(arm, theta, meanOfX)) };
}

function adjusted(arm: CovariateSums, theta: number, meanOfX: number): Sample {
  const { n } = arm;
  if (n === 0) return { n, mean: 0, variance: 0 };
  const variance =
    spread(n, arm.yy, arm.y, arm.y) -
    2 * theta * spread(n, arm.xy, arm.x, arm.y) +
    theta ** 2 * spread(n, arm.xx, arm.x, arm.x);
  return { n, mean: arm.y / n - theta * (arm.x / n - meanOfX), variance: Math.max(0, variance) };
}

/** Sample covariance from sums: (sum of products - sum a * sum b / n) / (n - 1). */
function spread(n: number, products: number, a: number, b: number): number {
  return n < 2 ? 0 : (products - (a * b) / n) / (n - 1);
}
