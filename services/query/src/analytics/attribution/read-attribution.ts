import type { ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';
import { Decimal } from 'decimal.js';
import { apportion } from '../../statistics/apportion.js';
import { ask } from '../ask.js';
import type { Period } from '../period.js';
import type { AttributionDefinition } from './attribution-definition.js';
import { modelsOfPaths, mostLabels, type Credit } from './models-of-paths.js';

const readCredits = loadSql(import.meta.url, 'read-credits');
const readPaths = loadSql(import.meta.url, 'read-paths');

export const attributionModels = [
  'first',
  'last',
  'last-non-direct',
  'linear',
  'linear-distinct',
  'position',
  'time-decay',
  'markov',
  'shapley',
] as const;
export type AttributionModel = (typeof attributionModels)[number];

export interface ModelCredits {
  readonly model: AttributionModel;
  readonly credits: readonly Credit[];
}

export interface Attribution {
  readonly conversions: number;
  readonly value: Decimal;
  /** In the order of `attributionModels`; none without conversions. */
  readonly models: readonly ModelCredits[];
  readonly removalEffects: ReadonlyMap<string, number>;
}

/** More different touches than the models of whole paths can be solved for in reasonable time. */
export class TooManyLabelsError extends Error {
  override readonly name = 'TooManyLabelsError';
}

/** Credits every label for the conversions of a period, in every model. Throws `TooManyLabelsError`. */
export async function readAttribution(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  definition: AttributionDefinition,
  period: Period,
): Promise<Attribution> {
  const params = {
    ...{ workspace: workspaceId, conversion: definition.conversion, by: definition.by },
    ...{ from: new Date(period.from), to: new Date(period.to) },
    lookback_seconds: Math.round(definition.lookBackMs / 1000),
    restart: Number(definition.restart),
    half_life_hours: definition.halfLifeMs / 3_600_000,
  };
  const credits = await ask<CreditRow>(clickhouse, readCredits, params);
  const walked = await ask<PathRow>(clickhouse, readPaths, params);
  const paths = walked.map(({ path, conversions, nulls, value }) => ({
    ...{ path, conversions: Number(conversions), nulls: Number(nulls) },
    value: new Decimal(value),
  }));
  const labels = new Set(paths.flatMap(({ path }) => path)).size;
  if (labels > mostLabels) {
    throw new TooManyLabelsError(
      `There are ${labels} different touches by ${definition.by}; Markov attribution takes up to ${mostLabels}. Ask by channel, or for a shorter period.`,
    );
  }
  const conversions = paths.reduce((sum, path) => sum + path.conversions, 0);
  const value = paths.reduce((sum, path) => sum.plus(path.value), new Decimal(0));
  if (conversions === 0) return { conversions, value, models: [], removalEffects: new Map() };
  const { markov, shapley, removalEffects } = modelsOfPaths(paths, definition);
  const ofPaths = { markov, shapley };
  const models = attributionModels.map((model) => ({
    model,
    credits: model === 'markov' || model === 'shapley' ? ofPaths[model] : rounded(credits, model, value),
  }));
  return { conversions, value, models, removalEffects };
}

interface CreditRow {
  readonly model: string;
  readonly label: string;
  readonly conversions: string;
  readonly value: string;
}

interface PathRow {
  readonly path: readonly string[];
  readonly conversions: string;
  readonly nulls: string;
  readonly value: string;
}

/** SQL gives twelve places and more; money is told in four, and still adds up. */
function rounded(rows: readonly CreditRow[], model: AttributionModel, total: Decimal): readonly Credit[] {
  const own = rows.filter((row) => row.model === model).sort((a, b) => (a.label < b.label ? -1 : 1));
  const values = apportion(
    total,
    own.map(({ value }) => Math.max(0, Number(value))),
    4,
  );
  return own.map(({ label, conversions }, at) => ({
    ...{ label, conversions: new Decimal(conversions) },
    value: values[at] ?? new Decimal(0),
  }));
}
