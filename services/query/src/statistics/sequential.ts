import type { Effect } from './effect.js';
import type { Interval } from './proportion-intervals.js';

export interface SequentialOptions {
  /** Share of experiments without an effect that may ever be called one: 0.05. */
  readonly alpha: number;
  /** Number of people, both arms together, at which the interval is the narrowest: about where a decision is expected. */
  readonly tuning: number;
}

export interface SequentialEffect {
  readonly interval: Interval;
  /** Holds however often one looks. */
  readonly p: number;
}

/**
 * An effect that may be looked at any time: asymptotic confidence sequence (Waudby-Smith et al. 2021, as in GrowthBook).
 * Half-width: se sqrt(N) sqrt(2 (N rho^2 + 1) / (N^2 rho^2) ln(sqrt(N rho^2 + 1) / alpha)), N people in both arms,
 * rho = sqrt((-2 ln alpha + ln(-2 ln alpha + 1)) / tuning). p is the alpha at which the interval would touch 0.
 */
export function sequentialEffect(
  effect: Effect,
  people: number,
  { alpha, tuning }: SequentialOptions,
): SequentialEffect {
  const rhoSquared = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tuning;
  const scaled = people * rhoSquared;
  const width = Math.sqrt(((2 * (scaled + 1)) / scaled) * Math.log(Math.sqrt(scaled + 1) / alpha));
  const reach = effect.standardError * width;
  const evidence = (effect.t ** 2 * scaled) / (2 * (scaled + 1));
  return {
    interval: [effect.estimate - reach, effect.estimate + reach],
    p: Math.min(1, Math.sqrt(scaled + 1) * Math.exp(-evidence)),
  };
}
