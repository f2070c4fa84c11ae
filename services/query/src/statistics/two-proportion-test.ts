import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { newcombe, zOf, type Interval } from './proportion-intervals.js';

/** Of one arm: how many people, and how many of them did it. */
export interface Proportion {
  readonly n: number;
  readonly successes: number;
}

export interface TwoProportionTest {
  /** treatment - control */
  readonly difference: number;
  /** With the rate of both arms together, as the null hypothesis has it. */
  readonly z: number;
  readonly p: number;
  /** With each arm's own rate. */
  readonly zUnpooled: number;
  readonly pUnpooled: number;
  /** Of the difference, by Newcombe: holds its level for small arms and rates near 0. */
  readonly interval: Interval;
  /** Of the difference, by Wald: what most calculators print. */
  readonly waldInterval: Interval;
}

/** Compares two rates. Null when an arm has nobody, or everybody or nobody of both did it. */
export function twoProportionTest(
  control: Proportion,
  treatment: Proportion,
  confidence = 0.95,
): TwoProportionTest | null {
  const interval = newcombe(treatment.successes, treatment.n, control.successes, control.n, confidence);
  if (interval === null) return null;
  const rateOf = ({ successes, n }: Proportion): number => successes / n;
  const varianceOf = (arm: Proportion): number => (rateOf(arm) * (1 - rateOf(arm))) / arm.n;
  const together = (control.successes + treatment.successes) / (control.n + treatment.n);
  const pooled = Math.sqrt(together * (1 - together) * (1 / control.n + 1 / treatment.n));
  const unpooled = Math.sqrt(varianceOf(control) + varianceOf(treatment));
  if (pooled === 0 || unpooled === 0) return null;
  const difference = rateOf(treatment) - rateOf(control);
  const reach = zOf(confidence) * unpooled;
  return {
    difference,
    z: difference / pooled,
    p: twoTails(difference / pooled),
    zUnpooled: difference / unpooled,
    pUnpooled: twoTails(difference / unpooled),
    interval,
    waldInterval: [difference - reach, difference + reach],
  };
}

function twoTails(z: number): number {
  return 2 * normalCdf(-Math.abs(z), 0, 1);
}
