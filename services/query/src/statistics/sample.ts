/** What a test needs to know of one arm: how many people, their mean and the variance between them. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  /** Of the people, not of the mean. */
  readonly variance: number;
}

/** People who did it, of all. The variance is that of a proportion, p(1 - p). */
export function proportionSample(successes: number, n: number): Sample {
  if (n === 0) return { n, mean: 0, variance: 0 };
  const mean = successes / n;
  return { n, mean, variance: mean * (1 - mean) };
}

/** A figure per person, zeros included, from its sums. The variance is the sample variance (n - 1). */
export function meanSample(n: number, sum: number, sumOfSquares: number): Sample {
  if (n === 0) return { n, mean: 0, variance: 0 };
  const mean = sum / n;
  return { n, mean, variance: n === 1 ? 0 : Math.max(0, (sumOfSquares - sum * mean) / (n - 1)) };
}
