import type { ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';
import { Temporal } from 'temporal-polyfill';
import { goalProgress, type GoalPlan, type GoalProgress } from '../../statistics/goal-progress.js';
import { ask } from '../ask.js';
import type { Days } from '../period.js';
import { readMetric, type LabelledReading, type MetricReading } from './metric-reading.js';
import { lastPeriodIn, periodAround, periodName } from './rhythm-periods.js';
import type { GoalDefinition, MetricDefinition, Rhythm, ScorecardDefinitions } from './scorecard-definition.js';

const questions: Readonly<Record<Rhythm, string>> = {
  weekly: loadSql(import.meta.url, 'read-weekly'),
  monthly: loadSql(import.meta.url, 'read-monthly'),
  quarterly: loadSql(import.meta.url, 'read-quarterly'),
};

export interface RhythmReading {
  readonly rhythm: Rhythm;
  readonly name: string;
  /** For example `2010-11`, `2010-W47`, `2010-Q4`. */
  readonly period: string;
  /** First day, and the day after the last. */
  readonly start: string;
  readonly end: string;
  readonly metrics: readonly MetricReading[];
}

export interface GoalReading extends GoalProgress {
  readonly id: string;
  readonly name: string;
  readonly owner: string | null;
  readonly rhythm: Rhythm;
  readonly metric: string;
  readonly metricName: string;
  readonly unit: MetricDefinition['unit'];
  readonly from: string;
  readonly by: string;
}

export interface Scorecard {
  readonly rhythms: readonly RhythmReading[];
  readonly goals: readonly GoalReading[];
}

/** The scorecards of the last periods within `days`, and the goals as they stood at the end of those days. */
export async function readScorecard(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  { scorecards, goals }: ScorecardDefinitions,
  days: Days,
): Promise<Scorecard> {
  const readings = new Map<Rhythm, readonly LabelledReading[]>();
  for (const { id } of scorecards) {
    const rows = await ask<LabelledReading>(clickhouse, questions[id], { workspace: workspaceId });
    readings.set(id, rows);
  }
  const metricsOf = (rhythm: Rhythm) => scorecards.find(({ id }) => id === rhythm)?.metrics ?? [];
  return {
    rhythms: scorecards.map(({ id, name, metrics }) => {
      const period = lastPeriodIn(id, days);
      return {
        ...{ rhythm: id, name, period: periodName(id, period) },
        ...{ start: String(period.start), end: String(period.end) },
        metrics: metrics.map((metric) => readMetric(metric, id, period.start, readings.get(id) ?? [])),
      };
    }),
    goals: goals.flatMap((goal) => {
      const metric = metricsOf(goal.rhythm).find(({ id }) => id === goal.metric);
      return metric === undefined ? [] : [readGoal(goal, metric, readings.get(goal.rhythm) ?? [], days.end)];
    }),
  };
}

function readGoal(
  { baseline, target, owner, ...goal }: GoalDefinition,
  metric: MetricDefinition,
  readings: readonly LabelledReading[],
  end: Temporal.PlainDate,
): GoalReading {
  const figures = readings
    .filter((reading) => reading.metric === metric.id && reading.label === '')
    .map(({ start, value }) => {
      const period = periodAround(goal.rhythm, Temporal.PlainDate.from(start));
      return { start: dayNumber(period.start), end: dayNumber(period.end), value };
    });
  const plan: GoalPlan = {
    from: dayNumber(Temporal.PlainDate.from(goal.from)),
    by: dayNumber(Temporal.PlainDate.from(goal.by)),
    baseline: baseline ?? { periods: 3 },
    target: typeof target === 'number' ? target : { change: Number(target.replace('%', '')) / 100 },
    ...(metric.unit === 'share' && { bounds: [0, 1] as const }),
  };
  return {
    ...{ id: goal.id, name: goal.name, owner: owner ?? null, rhythm: goal.rhythm, metric: metric.id },
    ...{ metricName: metric.name, unit: metric.unit, from: goal.from, by: goal.by },
    ...goalProgress(figures, plan, dayNumber(end)),
  };
}

const firstDay = new Temporal.PlainDate(1970, 1, 1);

function dayNumber(day: Temporal.PlainDate): number {
  return firstDay.until(day, { largestUnit: 'days' }).days;
}
