import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

export type Interval = readonly [lower: number, upper: number];

/** How far from the middle a two-sided normal interval reaches, in standard errors: 1.96 for 0.95. */
export function zOf(confidence: number): number {
  return normalQuantile(1 - (1 - confidence) / 2, 0, 1);
}

/** Score interval of a proportion, k of n (Wilson 1927; method 3 of Newcombe 1998a). Null of nobody. */
export function wilson(k: number, n: number, confidence = 0.95): Interval | null {
  if (n === 0) return null;
  const z = zOf(confidence);
  const p = k / n;
  const middle = p + (z * z) / (2 * n);
  const reach = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

/** Interval of p1 - p2 from the two Wilson intervals (Newcombe 1998b, method 10). Null when one arm has nobody. */
export function newcombe(k1: number, n1: number, k2: number, n2: number, confidence = 0.95): Interval | null {
  const first = wilson(k1, n1, confidence);
  const second = wilson(k2, n2, confidence);
  if (first === null || second === null) return null;
  const p1 = k1 / n1;
  const p2 = k2 / n2;
  return [p1 - p2 - Math.hypot(p1 - first[0], second[1] - p2), p1 - p2 + Math.hypot(first[1] - p1, p2 - second[0])];
}

/**
 * People per arm to see a relative change of a rate, for a two-sided test (as ClickHouse's `minSampleSizeConversion` has it). Null where there is nothing to see: no change, or a rate that leaves 0 to 1.
 */
export function peoplePerArm(
  rate: number,
  relativeChange: number,
  { power = 0.8, alpha = 0.05 }: { readonly power?: number; readonly alpha?: number } = {},
): number | null {
  const changed = rate * (1 + relativeChange);
  const difference = changed - rate;
  if (difference === 0 || rate <= 0 || rate >= 1 || changed < 0 || changed > 1) return null;
  const middle = (rate + changed) / 2;
  const underNone = zOf(1 - alpha) * Math.sqrt(2 * middle * (1 - middle));
  const underChange = normalQuantile(power, 0, 1) * Math.sqrt(rate * (1 - rate) + changed * (1 - changed));
  return Math.ceil(((underNone + underChange) / difference) ** 2);
}
