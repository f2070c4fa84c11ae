import path from 'node:path';
import { DefinitionError, loadDefinitions, type RapportConfig } from '@rapport/runtime';
import { refuseRepeatedIds } from '../repeated-ids.js';

export const rhythms = ['weekly', 'monthly', 'quarterly'] as const;
export type Rhythm = (typeof rhythms)[number];
export const layers = ['attention', 'trust', 'behaviour', 'revenue'] as const;
export type Layer = (typeof layers)[number];
export type Unit = 'count' | 'share' | 'money' | 'points' | 'stars' | 'hours';

/** A metric, as a YAML file under `deploy/definitions/scorecard` says it. */
export interface MetricDefinition {
  readonly id: string;
  readonly name: string;
  readonly layer: Layer;
  readonly unit: Unit;
  readonly good: 'up' | 'down';
  readonly kind: 'leading' | 'lagging';
  readonly definition: string;
  readonly owner: string;
  /** A figure, or a change of the baseline as `+15%`. */
  readonly target: number | string;
  readonly baselineDays: number;
  readonly action: string;
}

export interface ScorecardDefinition {
  readonly id: Rhythm;
  readonly name: string;
  readonly metrics: readonly MetricDefinition[];
}

/** A goal, as a YAML file under `deploy/definitions/goals` says it. Days are `YYYY-MM-DD`. */
export interface GoalDefinition {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  readonly rhythm: Rhythm;
  readonly metric: string;
  readonly from: string;
  readonly by: string;
  readonly baseline?: number | { readonly periods: number };
  /** A figure, or a change as `+15%`. */
  readonly target: number | string;
}

type MetricFile = Omit<MetricDefinition, 'baselineDays'> & { readonly baseline_days?: number };

export interface ScorecardDefinitions {
  /** In the order of `rhythms`. */
  readonly scorecards: readonly ScorecardDefinition[];
  readonly goals: readonly GoalDefinition[];
}

/** Scorecards and goals. Throws `DefinitionError` with every fault, also of a goal that names an unknown metric. */
export async function loadScorecards(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<ScorecardDefinitions> {
  const load = <T>(folder: string, schema: string) =>
    loadDefinitions<T>({
      folder: path.join(config.definitionsDir, folder),
      schemaFile: path.join(config.schemasDir, 'definitions', `${schema}.schema.json`),
    });
  const cards = await load<{ id: Rhythm; name: string; metrics: readonly MetricFile[] }>('scorecard', 'scorecard');
  const goals = await load<GoalDefinition>('goals', 'goal');
  refuseRepeatedIds(cards);
  refuseRepeatedIds(goals);
  const known = new Map(cards.map(({ value }) => [value.id, value.metrics.map(({ id }) => id)]));
  const faults = [
    ...cards.flatMap(({ value, faultAt }) =>
      value.metrics.flatMap(({ id }, at) =>
        value.metrics.findIndex((other) => other.id === id) < at
          ? [faultAt(['metrics', at, 'id'], `the metric "${id}" stands here twice; remove one`)]
          : [],
      ),
    ),
    ...goals.flatMap(({ value: { rhythm, metric, from, by }, faultAt }) => [
      ...(known.get(rhythm)?.includes(metric)
        ? []
        : [faultAt(['metric'], `is no ${rhythm} metric; use one of ${known.get(rhythm)?.join(', ') ?? 'none'}`)]),
      ...(by > from ? [] : [faultAt(['by'], 'is not after "from"; give a later day')]),
    ]),
  ];
  if (faults.length > 0) throw new DefinitionError(faults);
  const scorecards = cards.map(({ value: { metrics, ...card } }) => ({ ...card, metrics: metrics.map(metricFrom) }));
  return {
    scorecards: rhythms.flatMap((rhythm) => scorecards.filter(({ id }) => id === rhythm)),
    goals: goals.map(({ value }) => value),
  };
}

function metricFrom({ baseline_days, ...metric }: MetricFile): MetricDefinition {
  return { ...metric, baselineDays: baseline_days ?? 90 };
}
