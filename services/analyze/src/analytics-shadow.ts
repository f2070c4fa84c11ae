import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { migrateClickHouse } from '@rapport/analytics-db';
import type { ServiceName } from '@rapport/events';
import { digestTable, inTransaction, loadSql } from '@rapport/profile-db';
import {
  enterShadow,
  holdLive,
  onShadow,
  shadowSchema,
  type ComparedTable,
  type EnterShadow,
  type Platform,
  type ReadState,
  type Shadow,
} from '@rapport/runtime';
import type { Pool } from 'pg';
import { migrationsOf, projectedTables } from './analyze.consumer.js';
import { copyTables } from './copy-tables.js';
import { canonicalTable, type Connected } from './canonical-analytics.js';

const countPlanned = loadSql(import.meta.url, 'count-planned');
const longestBatchMs = 60_000;

/** The analytics tables in a database of their own beside the live one; filled by the same consumer, exchanged at the end. */
export async function openAnalyticsShadow(platform: Platform, name: ServiceName): Promise<Shadow> {
  const live = platform.config.clickhouse;
  const database = databaseOf(platform);
  const drop = () =>
    platform.clickhouse.command({
      query: 'DROP DATABASE IF EXISTS {database:Identifier} SYNC',
      query_params: { database },
    });
  await drop();
  await makeTables(platform, database);
  const positions = await shadowSchema(platform, name, undefined);
  const clickhouse = clientOf(platform, database);
  const rebuilt = { client: clickhouse, database };
  return {
    platform: platformOf(platform, positions.pool, clickhouse),
    settled: () => batchesDone(platform, name),
    compare: () => compared({ client: platform.clickhouse, database: live.database }, rebuilt),
    async swap() {
      for (const table of projectedTables) {
        await platform.clickhouse.command({
          query: 'EXCHANGE TABLES {live:Identifier}.{table:Identifier} AND {database:Identifier}.{table:Identifier}',
          query_params: { live: live.database, database, table },
        });
      }
    },
    async close() {
      await clickhouse.close();
      await positions.close();
      await drop();
    },
  };
}

/** The same from another thread or process, once it is there. */
export const enterAnalyticsShadow: EnterShadow = (platform, name) => {
  const positions = enterShadow(platform, name, undefined);
  const clickhouse = clientOf(platform, databaseOf(platform));
  return {
    platform: platformOf(platform, positions, clickhouse),
    async close() {
      await clickhouse.close();
      await positions.end();
    },
  };
};

/** Its tables alone: nobody asks it, and making the views takes seconds. */
async function makeTables(platform: Platform, database: string): Promise<void> {
  const { clickhouse: live } = platform.config;
  // On a cluster, a table names the place of its replicas: another one is made by what makes it for a cluster.
  if (live.cluster !== undefined)
    await migrateClickHouse({ ...live, database, folder: migrationsOf(platform), tablesOnly: true });
  else await copyTables(platform.clickhouse, { from: live.database, to: database, tables: projectedTables });
}

function databaseOf({ config }: Pick<Platform, 'config'>): string {
  return `${config.clickhouse.database}_rebuild`;
}

function platformOf(platform: Platform, postgres: Pool, clickhouse: ClickHouseClient): Platform {
  const { config } = platform;
  const database = databaseOf(platform);
  return onShadow(platform, {
    postgres,
    clickhouse,
    config: { ...config, clickhouse: { ...config.clickhouse, database } },
  });
}

/** The consumer is held meanwhile: ClickHouse knows no snapshot over several tables. */
export const readAnalyticsState: ReadState = ({ postgres, clickhouse, config, clock }, name, read) =>
  inTransaction(postgres, async (tx) => {
    const settled = () => batchesDone({ postgres, clock }, name);
    await holdLive(tx, { name, isSeveralTransactions: true, settled });
    const live = { client: clickhouse, database: config.clickhouse.database };
    return read(tablesInOrder().map((table) => ({ ...canonicalTable(live, table), name: nameOf(table) })));
  });

function tablesInOrder(): readonly string[] {
  return [...projectedTables].sort();
}

function nameOf(table: string): string {
  return `analytics.${table}`;
}

async function compared(live: Connected, rebuilt: Connected): Promise<readonly ComparedTable[]> {
  const tables: ComparedTable[] = [];
  for (const name of tablesInOrder()) {
    const digests = {
      live: await digestTable(canonicalTable(live, name)),
      rebuilt: await digestTable(canonicalTable(rebuilt, name)),
    };
    tables.push({ table: nameOf(name), ...digests });
  }
  return tables;
}

/**
 * ClickHouse takes no part in the transaction that holds the positions: a batch that is being inserted now would end up
 * in the tables that are exchanged away. None begins any more; waits for those under way.
 */
async function batchesDone(
  { postgres, clock }: Pick<Platform, 'postgres' | 'clock'>,
  name: ServiceName,
): Promise<void> {
  const until = clock() + longestBatchMs;
  for (;;) {
    const { rows } = await postgres.query<{ planned: number }>(countPlanned, [name]);
    if (rows[0]?.planned === 0) return;
    if (clock() > until) {
      throw new Error(
        'A batch of analyze has been under way for a minute. Start analyze if it is stopped, then replay again.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function clientOf({ config }: Platform, database: string): ClickHouseClient {
  const { url, username, password } = config.clickhouse;
  return createClient({
    url,
    database,
    username,
    password,
    application: 'rapport-rebuild-analyze',
    // The client's own log prints what ClickHouse says of a refused insert, and that quotes the row.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
