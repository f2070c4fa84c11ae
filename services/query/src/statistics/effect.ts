import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Interval } from './proportion-intervals.js';
import type { Sample } from './sample.js';

/** What a treatment changed against the control, and how sure that is. Two-sided. */
export interface Effect {
  readonly estimate: number;
  readonly standardError: number;
  /** estimate / standardError */
  readonly t: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly interval: Interval;
  /** Of a treatment that is better, given a flat prior: Phi(estimate / standardError). */
  readonly chanceToWin: number;
}

/** Difference of the means, treatment - control, by Welch's t test. Null when nothing varies or somebody is missing. */
export function absoluteEffect(control: Sample, treatment: Sample, confidence = 0.95): Effect | null {
  if (control.n < 2 || treatment.n < 2) return null;
  const variance = control.variance / control.n + treatment.variance / treatment.n;
  return effectOf(treatment.mean - control.mean, variance, welchDegrees(control, treatment), confidence);
}

/**
 * Change of the mean in parts of the control's: (treatment - control) / control, with the variance of a ratio by the
 * delta method, and Welch's degrees of freedom of the raw variances, as GrowthBook does it. Null when the control's mean is 0.
 */
export function relativeEffect(control: Sample, treatment: Sample, confidence = 0.95): Effect | null {
  if (control.n < 2 || treatment.n < 2 || control.mean === 0) return null;
  const base = control.mean ** 2;
  const variance =
    treatment.variance / treatment.n / base + (control.variance / control.n) * (treatment.mean ** 2 / base ** 2);
  const lift = (treatment.mean - control.mean) / Math.abs(control.mean);
  return effectOf(lift, variance, welchDegrees(control, treatment), confidence);
}

/** Welch-Satterthwaite. */
function welchDegrees(a: Sample, b: Sample): number {
  const va = a.variance / a.n;
  const vb = b.variance / b.n;
  return (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
}

function effectOf(estimate: number, variance: number, degreesOfFreedom: number, confidence: number): Effect | null {
  const standardError = Math.sqrt(variance);
  if (!(standardError > 0) || !Number.isFinite(degreesOfFreedom)) return null;
  const t = estimate / standardError;
  const reach = tQuantile(1 - (1 - confidence) / 2, degreesOfFreedom) * standardError;
  return {
    estimate,
    standardError,
    t,
    degreesOfFreedom,
    // The lower tail twice: 1 - cdf would lose all digits of a small one.
    p: Math.min(1, 2 * tCdf(-Math.abs(t), degreesOfFreedom)),
    interval: [estimate - reach, estimate + reach],
    chanceToWin: normalCdf(t, 0, 1),
  };
}
