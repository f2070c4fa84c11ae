/** A figure of a period; `start` and `end` are days since the epoch, `end` is the day after the last. */
export interface PeriodFigure {
  readonly start: number;
  readonly end: number;
  readonly value: number | null;
}

export interface GoalPlan {
  /** First day of the work, and the last; days since the epoch. */
  readonly from: number;
  readonly by: number;
  /** A figure, or the mean of so many periods before `from`. */
  readonly baseline: number | { readonly periods: number };
  /** A figure, or a change of the baseline: 0.15 is 15% up. */
  readonly target: number | { readonly change: number };
  /** What the figure cannot leave, for the forecast. */
  readonly bounds?: readonly [lowest: number, highest: number];
}

export type GoalStatus = 'not started' | 'no baseline' | 'on pace' | 'behind' | 'reached' | 'missed';

export interface GoalProgress {
  readonly status: GoalStatus;
  readonly baseline: number | null;
  readonly target: number | null;
  readonly current: number | null;
  /** Where the figure should be by now, on a straight line from baseline to target. */
  readonly pace: number | null;
  /** Where it will be on the last day if it goes on as since `from`: least squares over at least three periods. */
  readonly forecast: number | null;
  /** Way done, 0 to 1 and beyond. */
  readonly progress: number | null;
}

/** How far a goal is, by the figures up to the day `asOf`. Periods that end later, or have no figure, do not count. */
export function goalProgress(figures: readonly PeriodFigure[], plan: GoalPlan, asOf: number): GoalProgress {
  const known = figures
    .filter((figure): figure is KnownFigure => figure.value !== null && figure.end <= asOf)
    .sort((a, b) => a.start - b.start);
  const baseline = baselineOf(known, plan);
  const target = baseline === null ? absolute(plan.target) : targetOf(plan.target, baseline);
  const since = known.filter(({ start, end }) => start >= plan.from && end <= plan.by + 1);
  const last = since.at(-1);
  const unknown = { baseline, target, current: last?.value ?? null, pace: null, forecast: null, progress: null };
  if (baseline === null || target === null) return { status: 'no baseline', ...unknown };
  if (last === undefined) return { status: 'not started', ...unknown };
  const elapsed = Math.min(1, Math.max(0, (last.end - plan.from) / (plan.by + 1 - plan.from)));
  const pace = baseline + (target - baseline) * elapsed;
  const direction = target >= baseline ? 1 : -1;
  const atLeast = (wanted: number): boolean => direction * (last.value - wanted) >= 0;
  const over = asOf > plan.by;
  return {
    status: atLeast(target) ? 'reached' : over ? 'missed' : atLeast(pace) ? 'on pace' : 'behind',
    ...{ baseline, target, current: last.value, pace },
    forecast: forecastOf(since, plan),
    progress: target === baseline ? null : (last.value - baseline) / (target - baseline),
  };
}

interface KnownFigure extends PeriodFigure {
  readonly value: number;
}

function baselineOf(known: readonly KnownFigure[], { baseline, from }: GoalPlan): number | null {
  if (typeof baseline === 'number') return baseline;
  const before = known.filter(({ end }) => end <= from).slice(-baseline.periods);
  return before.length === 0 ? null : mean(before.map(({ value }) => value));
}

function absolute(target: GoalPlan['target']): number | null {
  return typeof target === 'number' ? target : null;
}

function targetOf(target: GoalPlan['target'], baseline: number): number {
  return typeof target === 'number' ? target : baseline + Math.abs(baseline) * target.change;
}

function forecastOf(since: readonly KnownFigure[], { by, bounds }: GoalPlan): number | null {
  if (since.length < 3) return null;
  const ends = since.map(({ end }) => end);
  const values = since.map(({ value }) => value);
  const [meanEnd, meanValue] = [mean(ends), mean(values)];
  const spread = ends.reduce((sum, end) => sum + (end - meanEnd) ** 2, 0);
  const slope = ends.reduce((sum, end, at) => sum + (end - meanEnd) * ((values[at] ?? 0) - meanValue), 0) / spread;
  const [lowest, highest] = bounds ?? [-Infinity, Infinity];
  return Math.min(highest, Math.max(lowest, meanValue + slope * (by + 1 - meanEnd)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
