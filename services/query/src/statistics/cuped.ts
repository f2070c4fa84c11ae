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
  /** Weight of the covariate, over all arms together: cov(x, y) / var(x). */
  readonly theta: number;
  /** One an arm, in the order given. */
  readonly samples: readonly Sample[];
}

/**
 * CUPED (Deng et al. 2013): takes off each person's figure what the time before already said, y - theta (x - mean of x).
 * Null when the covariate never varies.
 */
export function cuped(arms: readonly CovariateSums[]): Adjusted | null {
  const all = arms.reduce(add, { n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 });
  const variance = spread(all.n, all.xx, all.x, all.x);
  if (all.n < 2 || !(variance > 0)) return null;
  const theta = spread(all.n, all.xy, all.x, all.y) / variance;
  return { theta, samples: arms.map((arm) => adjusted(arm, theta, all.x / all.n)) };
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

function add(a: CovariateSums, b: CovariateSums): CovariateSums {
  return { n: a.n + b.n, y: a.y + b.y, yy: a.yy + b.yy, x: a.x + b.x, xx: a.xx + b.xx, xy: a.xy + b.xy };
}
