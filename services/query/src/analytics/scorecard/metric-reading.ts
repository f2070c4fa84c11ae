import type { Temporal } from 'temporal-polyfill';
import type { Layer, MetricDefinition, Rhythm, Unit } from './scorecard-definition.js';

/** A figure of a period. `start` is its first day, `YYYY-MM-DD`. */
export interface Reading {
  readonly start: string;
  readonly value: number | null;
  /** What the figure rests on. */
  readonly base: number;
}

export type MetricStatus = 'on target' | 'off target' | 'unknown';

/** Where a figure is, where it was at first, and where it should be. */
export interface Standing {
  readonly value: number | null;
  /** What the figure rests on. */
  readonly base: number;
  /** Mean over the first 30 to 90 days. */
  readonly baseline: number | null;
  /** Null where it is a change of a baseline that is not known yet, or is 0. */
  readonly target: number | null;
  readonly status: MetricStatus;
}

/** A metric of a period, beside what it means and where it was. Of a metric that has parts alone, the parts hold the figures. */
export interface MetricReading extends Standing {
  readonly id: string;
  readonly name: string;
  readonly layer: Layer;
  readonly unit: Unit;
  readonly good: 'up' | 'down';
  readonly kind: 'leading' | 'lagging';
  readonly definition: string;
  readonly owner: string;
  readonly action: string;
  /** Of the period before. */
  readonly previous: number | null;
  /** Up to this period, the oldest first. */
  readonly history: readonly Reading[];
  /** The largest parts first, where a metric has parts. */
  readonly parts: readonly (Standing & { readonly label: string })[];
}

export interface LabelledReading extends Reading {
  readonly metric: string;
  readonly label: string;
}

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
  const byLabel = Map.groupBy(own, ({ label }) => label);
  const history = (byLabel.get('') ?? []).map(({ start: day, value, base }) => ({ start: day, value, base }));
  const at = history.findIndex((reading) => reading.start === String(start));
  const parts = [...byLabel]
    .filter(([label, readingsOfPart]) => label !== '' && readingsOfPart.some(({ start: day }) => day === String(start)))
    .map(([label, readingsOfPart]) => ({ label, ...standingOf(definition, start, readingsOfPart) }))
    .sort((a, b) => b.base - a.base || (a.label < b.label ? -1 : 1))
    .slice(0, mostParts);
  const standing = standingOf(definition, start, history);
  const { baselineDays: _days, ...meaning } = definition;
  return {
    ...meaning,
    ...standing,
    previous: history[at - 1]?.value ?? null,
    status: parts.length === 0 ? standing.status : statusOfParts(parts),
    history: history.slice(-historyLength[rhythm]),
    parts,
  };
}

function standingOf(
  { good, target: wanted, baselineDays }: MetricDefinition,
  start: Temporal.PlainDate,
  history: readonly Reading[],
): Standing {
  const now = history.find((reading) => reading.start === String(start));
  const value = now?.value ?? null;
  const baseline = baselineOf(history, baselineDays);
  const target = targetOf(wanted, baseline);
  const isReached = value !== null && target !== null && (good === 'up' ? value >= target : value <= target);
  return {
    ...{ value, base: now?.base ?? 0, baseline, target },
    status: value === null || target === null ? 'unknown' : isReached ? 'on target' : 'off target',
  };
}

/** Off target as soon as one part is: the action names what to do about a part. */
function statusOfParts(parts: readonly Standing[]): MetricStatus {
  if (parts.some(({ status }) => status === 'off target')) return 'off target';
  return parts.some(({ status }) => status === 'on target') ? 'on target' : 'unknown';
}

/**
 * Mean of the figures of the first days; of the first figure when the periods are longer than that. The first figure is the first that
 * rests on something, and not one that an empty stretch as long as the baseline follows: a stray order from long ago begins nothing.
 */
function baselineOf(history: readonly Reading[], days: number): number | null {
  const known = history.filter((reading): reading is Reading & { value: number } => reading.value !== null);
  const resting = known.filter(({ base }) => base > 0);
  const isStray = (at: number): boolean => {
    const [one, next] = [resting[at], resting[at + 1]];
    if (one === undefined || next === undefined || dayOf(next) - dayOf(one) < days) return false;
    return (
      history.findIndex(({ start }) => start === next.start) - history.findIndex(({ start }) => start === one.start) > 1
    );
  };
  const first = resting.find((_, at) => !isStray(at)) ?? known[0];
  if (first === undefined) return null;
  const early = known.filter((reading) => dayOf(reading) >= dayOf(first) && dayOf(reading) < dayOf(first) + days);
  return early.reduce((sum, { value }) => sum + value, 0) / early.length;
}

function targetOf(wanted: MetricDefinition['target'], baseline: number | null): number | null {
  if (typeof wanted === 'number') return wanted;
  // Of nothing, no change is a target: what was never measured would be on it.
  return baseline === null || baseline === 0
    ? null
    : baseline + (Math.abs(baseline) * Number(wanted.replace('%', ''))) / 100;
}

function dayOf({ start }: Reading): number {
  return Date.parse(start) / 86_400_000;
}
