import type { Temporal } from 'temporal-polyfill';
import type { Layer, MetricDefinition, Rhythm, Unit } from './scorecard-definition.js';

/** A figure of a period. `start` is its first day, `YYYY-MM-DD`. */
export interface Reading {
  readonly start: string;
  readonly value: number | null;
  /** What the figure rests on. */
  readonly base: number;
}

export type MetricStatus = 'on target' | 'off target' | 'better' | 'worse' | 'steady' | 'unknown';

/** A metric of a period, beside what it means and where it was. */
export interface MetricReading {
  readonly id: string;
  readonly name: string;
  readonly layer: Layer;
  readonly unit: Unit;
  readonly good: 'up' | 'down';
  readonly kind: 'leading' | 'lagging';
  readonly definition: string;
  readonly owner: string;
  readonly action: string;
  readonly target: number | null;
  /** Mean over the first 30 to 90 days. */
  readonly baseline: number | null;
  readonly value: number | null;
  readonly base: number;
  /** Of the period before. */
  readonly previous: number | null;
  /** Against the target where there is one, else against the baseline: steady within 5% of it. */
  readonly status: MetricStatus;
  /** Up to this period, the oldest first. */
  readonly history: readonly Reading[];
  /** The largest parts first, where a metric has parts. */
  readonly parts: readonly { readonly label: string; readonly value: number | null; readonly base: number }[];
}

export interface LabelledReading extends Reading {
  readonly metric: string;
  readonly label: string;
}

const steadyWithin = 0.05;
const mostParts = 10;

/** Periods that a chart shows. */
const historyLength: Readonly<Record<Rhythm, number>> = { weekly: 26, monthly: 24, quarterly: 12 };

/** Reads one metric for the period that begins on `start`, out of all readings of its rhythm. */
export function readMetric(
  definition: MetricDefinition,
  rhythm: Rhythm,
  start: Temporal.PlainDate,
  readings: readonly LabelledReading[],
): MetricReading {
  const own = readings.filter(({ metric, start: day }) => metric === definition.id && day <= String(start));
  const history = own
    .filter(({ label }) => label === '')
    .map(({ start: day, value, base }) => ({ start: day, value, base }));
  const now = history.find((reading) => reading.start === String(start));
  const baseline = baselineOf(history, definition.baselineDays);
  const value = now?.value ?? null;
  const { baselineDays: _days, ...meaning } = definition;
  return {
    ...meaning,
    ...{ baseline, value, base: now?.base ?? 0 },
    previous: history[history.findIndex((reading) => reading === now) - 1]?.value ?? null,
    status: statusOf(definition, value, baseline),
    history: history.slice(-historyLength[rhythm]),
    parts: own
      .filter(({ label, start: day }) => label !== '' && day === String(start))
      .sort((a, b) => b.base - a.base || (a.label < b.label ? -1 : 1))
      .slice(0, mostParts)
      .map(({ label, value: part, base }) => ({ label, value: part, base })),
  };
}

/** Mean of the figures of the first days; of the first figure when the periods are longer than that. */
function baselineOf(history: readonly Reading[], days: number): number | null {
  const known = history.filter((reading): reading is Reading & { value: number } => reading.value !== null);
  const [first] = known;
  if (first === undefined) return null;
  const until = Date.parse(first.start) + days * 86_400_000;
  const early = known.filter(({ start }) => Date.parse(start) < until);
  return early.reduce((sum, { value }) => sum + value, 0) / early.length;
}

function statusOf(
  { good, target }: Pick<MetricDefinition, 'good' | 'target'>,
  value: number | null,
  baseline: number | null,
): MetricStatus {
  const direction = good === 'up' ? 1 : -1;
  if (value === null) return 'unknown';
  if (target !== null) return direction * (value - target) >= 0 ? 'on target' : 'off target';
  if (baseline === null) return 'unknown';
  if (Math.abs(value - baseline) <= steadyWithin * Math.abs(baseline)) return 'steady';
  return direction * (value - baseline) > 0 ? 'better' : 'worse';
}
