import type { ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';
import { holm } from '../../statistics/holm.js';
import { sampleRatio, type SampleRatio } from '../../statistics/sample-ratio.js';
import { ask } from '../ask.js';
import type { Period } from '../period.js';
import { armResult, compareArms, type Arm, type ArmResult, type Comparison } from './compare-arms.js';
import type { ExperimentDefinition, ExperimentMetric } from './experiment-definition.js';

const readArms = loadSql(import.meta.url, 'read-arms');
const countMixed = loadSql(import.meta.url, 'count-mixed');

export interface MetricResult {
  readonly metric: ExperimentMetric;
  readonly arms: readonly (ArmResult & { readonly value: string })[];
}

export interface ExperimentResult {
  /** People by variation; those who saw several are left out. */
  readonly people: Readonly<Record<string, number>>;
  readonly mixedPeople: number;
  /** Null with fewer than two variations. */
  readonly sampleRatio: SampleRatio | null;
  readonly metrics: readonly MetricResult[];
  /** Every variation but the control, for every metric. `adjustedP`: for reading them all together (Holm). */
  readonly comparisons: readonly (Comparison & { readonly adjustedP: number | null; readonly significant: boolean })[];
}

/** Compares the variations of an experiment by its metrics, over the exposures and outcomes of a period. */
export async function readExperiment(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  definition: ExperimentDefinition,
  period: Period,
): Promise<ExperimentResult> {
  const params = {
    ...{ workspace: workspaceId, experiment: definition.experiment },
    ...{ from: new Date(period.from), to: new Date(period.to) },
    window_seconds: Math.round(definition.windowMs / 1000),
    before_seconds: Math.round(definition.beforeMs / 1000),
  };
  const read: { metric: ExperimentMetric; rows: readonly ArmRow[]; arms: readonly Arm[] }[] = [];
  for (const metric of definition.metrics) {
    const rows = await ask<ArmRow>(clickhouse, readArms, { ...params, conversion: metric.event, cap: metric.cap ?? 0 });
    read.push({ metric, rows, arms: rows.map(armFrom) });
  }
  const [mixed] = await ask<{ people: string }>(clickhouse, countMixed, params);
  const people = new Map(read[0]?.arms.map(({ variation, n }) => [variation, n]));
  return {
    people: Object.fromEntries(people),
    mixedPeople: Number(mixed?.people ?? 0),
    sampleRatio: ratioOf(people, definition.split),
    metrics: read.map(({ metric, rows, arms }) => ({
      metric,
      arms: arms.map((arm, at) => ({ ...armResult(metric, arm), value: rows[at]?.value ?? '0' })),
    })),
    comparisons: judgeTogether(
      read.flatMap(({ metric, arms }) => comparisonsOf(metric, arms, definition)),
      definition.alpha,
    ),
  };
}

function comparisonsOf(
  metric: ExperimentMetric,
  all: readonly Arm[],
  definition: ExperimentDefinition,
): readonly Comparison[] {
  const control = all.find(({ variation }) => variation === definition.control);
  if (control === undefined) return [];
  return all
    .filter((arm) => arm !== control)
    .map((treatment) => compareArms(metric, { control, treatment, all }, definition));
}

function judgeTogether(comparisons: readonly Comparison[], alpha: number): ExperimentResult['comparisons'] {
  const adjusted = holm(comparisons.flatMap(({ p }) => p ?? []));
  let next = 0;
  return comparisons.map((comparison) => {
    const adjustedP = comparison.p === null ? null : (adjusted[next++] ?? null);
    return { ...comparison, adjustedP, significant: adjustedP !== null && adjustedP < alpha && !comparison.tooFew };
  });
}

/** A declared variation that nobody saw counts as one with no people: that is what the check is for. */
function ratioOf(people: ReadonlyMap<string, number>, split: ExperimentDefinition['split']): SampleRatio | null {
  const variations = split === null ? [...people.keys()] : Object.keys(split);
  return sampleRatio(
    variations.map((variation) => people.get(variation) ?? 0),
    variations.map((variation) => split?.[variation] ?? 1),
  );
}

interface ArmRow {
  readonly variation: string;
  readonly people: string;
  readonly converted: string;
  readonly value: string;
  readonly y: number;
  readonly yy: number;
  readonly x: number;
  readonly xx: number;
  readonly xy: number;
}

function armFrom({ variation, people, converted, y, yy, x, xx, xy }: ArmRow): Arm {
  return { variation, n: Number(people), converted: Number(converted), y, yy, x, xx, xy };
}
