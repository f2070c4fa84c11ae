import path from 'node:path';
import { migrateClickHouse } from '@rapport/analytics-db';
import { topicNames, topics, type TopicName } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import { loadWorkspaces, type Outcome, type Platform, type TokenizedConsumer } from '@rapport/runtime';
import { insertRows } from './insert-rows.js';
import { rowsOfBatch } from './rows/rows-of-batch.js';
import { tables } from './rows/table-rows.js';
import { storeMoney } from './store-money.js';
import { storeTemplates } from './store-templates.js';
import { storeWorkspaces } from './store-workspaces.js';

/**
 * An insert costs ClickHouse tens of milliseconds of processor time, however few rows it brings. A quarter of a second keeps
 * fresh what people look at while it happens: touchpoints, and whose they are.
 */
const watched: ReadonlySet<TopicName> = new Set(['profile-touchpoints', 'identities']);
const watchedLingerMs = 250;
const otherLingerMs = 1000;

/** Subject keys are read by the vault, not analyzed. */
export const analyzedTopics: readonly TopicName[] = topicNames.filter(
  (name) => name !== 'subject-keys' && (topics[name].consumers as readonly string[]).includes('analyze'),
);

/** Tables that hold what this consumer writes, and nothing else. */
export const projectedTables: ReadonlySet<string> = new Set([
  'recorded_touchpoints',
  // Filled by ClickHouse itself, from recorded_touchpoints and each other.
  ...['touchpoints_by_profile', 'profile_activity'],
  'recorded_orders',
  ...Object.values(tables).map(({ table }) => table),
]);

/**
 * Projects every topic into ClickHouse, one insert a table and batch. The tables are brought up to date first, so that a
 * service that starts alone finds them.
 */
export async function analyzeConsumer(platform: Platform): Promise<TokenizedConsumer> {
  await prepareAnalytics(platform);
  return analyticsConsumerOn(platform);
}

/** On a database that is there, as one that is built beside the live one. */
export function analyticsConsumerOn(platform: Platform): TokenizedConsumer {
  return {
    name: 'analyze',
    topics: analyzedTopics,
    lingerMs: (topic) => (watched.has(topic) ? watchedLingerMs : otherLingerMs),
    async apply(batch, token) {
      const { tables: filled, skipped } = await rowsOfBatch(batch, platform.vault);
      const refused = await Promise.all(filled.map((rows) => insertRows(platform.clickhouse, rows, token)));
      const outcomes = new Map<LogRecord, Outcome>(skipped);
      for (const part of refused) for (const [record, outcome] of part) outcomes.set(record, outcome);
      return outcomes;
    },
  };
}

/** Database, tables, views, and the declared workspaces. Doing it again is harmless. */
export async function prepareAnalytics(platform: Platform): Promise<void> {
  const { config, clickhouse, clock } = platform;
  const applied = await migrateClickHouse({ ...config.clickhouse, folder: migrationsOf(platform) });
  if (applied.length > 0) platform.logger.info({ applied }, 'ClickHouse migrated');
  const workspaces = await loadWorkspaces(config);
  await storeWorkspaces(clickhouse, workspaces, clock());
  await storeMoney(clickhouse, config, workspaces, clock());
  await storeTemplates(clickhouse, config, clock());
}

export function migrationsOf({ config }: Pick<Platform, 'config'>): string {
  return path.join(config.schemasDir, 'clickhouse');
}

/** Empties what is computed from the log, for a replay. What was inserted before may be inserted again. */
export async function clearAnalytics(platform: Pick<Platform, 'clickhouse'>): Promise<void> {
  for (const table of projectedTables) {
    await platform.clickhouse.command({
      query: 'TRUNCATE TABLE IF EXISTS {table:Identifier}',
      query_params: { table },
    });
  }
}
