import type { CovariateSums } from '../../statistics/cuped.js';
import { cuped } from '../../statistics/cuped.js';
import { absoluteEffect, relativeEffect, type Effect } from '../../statistics/effect.js';
import { wilson, type Interval } from '../../statistics/proportion-intervals.js';
import { meanSample, proportionSample, type Sample } from '../../statistics/sample.js';
import { sequentialEffect } from '../../statistics/sequential.js';
import { twoProportionTest } from '../../statistics/two-proportion-test.js';
import type { ExperimentDefinition, ExperimentMetric } from './experiment-definition.js';

/** Sums over the people of a variation, for one metric. */
export interface Arm extends CovariateSums {
  readonly variation: string;
  readonly converted: number;
}

/** How a variation did. */
export interface ArmResult {
  readonly variation: string;
  readonly people: number;
  readonly converted: number;
  /** Share of people, or money a person. */
  readonly mean: number;
  /** Of a share, by Wilson; null for money. */
  readonly interval: Interval | null;
}

/** How sure a difference is. Null figures: nothing can be said yet. */
export interface Estimate {
  readonly estimate: number;
  readonly standardError: number;
  readonly interval: Interval;
}

export interface Comparison {
  readonly metric: string;
  readonly variation: string;
  /** How p and the intervals of `difference` were made. */
  readonly method: 'two-proportion z, Newcombe' | 'two-proportion z unpooled, Wald' | 'Welch t' | 'confidence sequence';
  /** treatment - control: of the share, or of the money a person. */
  readonly difference: Estimate | null;
  /** The difference in parts of the control's figure, by the delta method; sequential when the test is. */
  readonly lift: Estimate | null;
  readonly p: number | null;
  /** Of a treatment that is better, from a flat prior. */
  readonly chanceToWin: number | null;
  /** What the treated people did or brought beyond what they would have: difference x people. Null where zeros are left out. */
  readonly incremental: number | null;
  /** The difference of money after what the time before already said is taken off; null where zeros are left out. */
  readonly adjusted: (Estimate & { readonly p: number; readonly theta: number }) | null;
  /** Fewer than five who did it, or who did not, are to be expected in an arm: do not believe p yet. */
  readonly tooFew: boolean;
}

type TestPlan = Pick<ExperimentDefinition, 'test' | 'alpha' | 'tuning' | 'variance'>;
type Figure = Pick<ExperimentMetric, 'kind' | 'zeros'>;

export function armResult(metric: Figure, arm: Arm): ArmResult {
  const { variation, n, converted } = arm;
  const { mean } = sampleOf(metric, arm);
  return {
    ...{ variation, people: n, converted, mean },
    interval: metric.kind === 'conversion' ? wilson(converted, n) : null,
  };
}

/** Compares a variation with the control. `all` are all arms, over which the covariate's weight is estimated. */
export function compareArms(
  metric: ExperimentMetric,
  { control, treatment, all }: { readonly control: Arm; readonly treatment: Arm; readonly all: readonly Arm[] },
  plan: TestPlan,
): Comparison {
  const confidence = 1 - plan.alpha;
  const [before, after] = [sampleOf(metric, control), sampleOf(metric, treatment)];
  const effect = absoluteEffect(before, after, confidence);
  const relative = relativeEffect(before, after, confidence);
  const people = before.n + after.n;
  const judged = effect && judge(metric, { control, treatment, effect, people }, plan);
  const isOfAll = metric.kind === 'value' && metric.zeros;
  return {
    ...{ metric: metric.id, variation: treatment.variation },
    method: methodOf(metric, plan),
    difference: effect && judged && { ...estimateOf(effect), interval: judged.interval },
    lift: relative && withPlan(relative, people, plan),
    p: judged?.p ?? null,
    chanceToWin: effect?.chanceToWin ?? null,
    incremental: effect && (metric.kind === 'conversion' || isOfAll) ? effect.estimate * treatment.n : null,
    adjusted: isOfAll ? adjustedEffect({ control, treatment, all }, plan) : null,
    tooFew: metric.kind === 'conversion' && [control, treatment].some((arm) => isTooSmall(arm, control, treatment)),
  };
}

function methodOf({ kind }: Figure, { test, variance }: TestPlan): Comparison['method'] {
  if (test === 'sequential') return 'confidence sequence';
  if (kind === 'value') return 'Welch t';
  return variance === 'pooled' ? 'two-proportion z, Newcombe' : 'two-proportion z unpooled, Wald';
}

function sampleOf({ kind, zeros }: Figure, arm: Arm): Sample {
  if (kind === 'conversion') return proportionSample(arm.converted, arm.n);
  return meanSample(zeros ? arm.n : arm.converted, arm.y, arm.yy);
}

interface Judged {
  readonly control: Arm;
  readonly treatment: Arm;
  readonly effect: Effect;
  readonly people: number;
}

function judge(
  { kind }: ExperimentMetric,
  { control, treatment, effect, people }: Judged,
  plan: TestPlan,
): { readonly interval: Interval; readonly p: number } {
  if (plan.test === 'sequential') return sequentialEffect(effect, people, plan);
  if (kind === 'value') return effect;
  const proportion = ({ n, converted }: Arm) => ({ n, successes: converted });
  const tested = twoProportionTest(proportion(control), proportion(treatment), 1 - plan.alpha);
  if (tested === null) return effect;
  return plan.variance === 'pooled' ? tested : { interval: tested.waldInterval, p: tested.pUnpooled };
}

function withPlan(effect: Effect, people: number, plan: TestPlan): Estimate {
  return plan.test === 'sequential'
    ? { ...estimateOf(effect), interval: sequentialEffect(effect, people, plan).interval }
    : estimateOf(effect);
}

function adjustedEffect(
  arms: { readonly control: Arm; readonly treatment: Arm; readonly all: readonly Arm[] },
  plan: TestPlan,
): Comparison['adjusted'] {
  const result = cuped(arms.all);
  if (result === null) return null;
  const sampleAt = (arm: Arm): Sample | undefined => result.samples[arms.all.indexOf(arm)];
  const [control, treatment] = [sampleAt(arms.control), sampleAt(arms.treatment)];
  const effect = control && treatment && absoluteEffect(control, treatment, 1 - plan.alpha);
  if (!effect) return null;
  const { p } = plan.test === 'sequential' ? sequentialEffect(effect, control.n + treatment.n, plan) : effect;
  return { ...withPlan(effect, control.n + treatment.n, plan), p, theta: result.theta };
}

/** The usual rule for the normal approximation: n p and n (1 - p) above 5. */
function isTooSmall({ n }: Arm, a: Arm, b: Arm): boolean {
  const rate = (a.converted + b.converted) / Math.max(1, a.n + b.n);
  return n * rate < 5 || n * (1 - rate) < 5;
}

function estimateOf({ estimate, standardError, interval }: Effect): Estimate {
  return { estimate, standardError, interval };
}
