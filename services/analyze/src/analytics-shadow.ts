import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import type { ServiceName } from '@rapport/events';
import { onShadow, shadowSchema, type Platform, type Shadow } from '@rapport/runtime';
import { loadSql } from '@rapport/profile-db';
import { projectedTables } from './analyze.consumer.js';
import { digestAnalytics } from './digest-analytics.js';

const countPlanned = loadSql(import.meta.url, 'count-planned');
const longestBatchMs = 60_000;

/** The analytics tables in a database of their own beside the live one; filled by the same consumer, exchanged at the end. */
export async function openAnalyticsShadow(platform: Platform, name: ServiceName): Promise<Shadow> {
  const live = platform.config.clickhouse;
  const database = `${live.database}_rebuild`;
  const drop = () =>
    platform.clickhouse.command({
      query: 'DROP DATABASE IF EXISTS {database:Identifier} SYNC',
      query_params: { database },
    });
  await drop();
  const positions = await shadowSchema(platform, name, undefined);
  const clickhouse = clientOf(platform, database);
  const rebuilt = { client: clickhouse, database };
  return {
    platform: onShadow(platform, {
      postgres: positions.pool,
      clickhouse,
      config: { ...platform.config, clickhouse: { ...live, database } },
    }),
    settled: () => batchesDone(platform, name),
    async compare() {
      const tables = [...projectedTables].sort();
      return digestAnalytics(tables, { client: platform.clickhouse, database: live.database }, rebuilt);
    },
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

/**
 * ClickHouse takes no part in the transaction that holds the positions: a batch that is being inserted now would end up
 * in the tables that are exchanged away. None begins any more; waits for those under way.
 */
async function batchesDone({ postgres, clock }: Platform, name: ServiceName): Promise<void> {
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
