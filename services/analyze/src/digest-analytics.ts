import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { querySettings } from '@rapport/analytics-db';
import type { TableDigest } from '@rapport/profile-db';
import type { ComparedTable } from '@rapport/runtime';

export interface Connected {
  readonly client: ClickHouseClient;
  readonly database: string;
}

/** Digests of tables in both databases. */
export async function digestAnalytics(
  tables: readonly string[],
  live: Connected,
  rebuilt: Connected,
): Promise<readonly ComparedTable[]> {
  const compared: ComparedTable[] = [];
  for (const table of tables) {
    const digests = { live: await digestOf(live, table), rebuilt: await digestOf(rebuilt, table) };
    compared.push({ table: `analytics.${table}`, ...digests });
  }
  return compared;
}

interface Column {
  readonly name: string;
  readonly type: string;
}

async function digestOf({ client, database }: Connected, table: string): Promise<TableDigest> {
  const columns = await columnsOf({ client, database }, table);
  const names = columns.map(({ name }) => `\`${name}\``).join(', ');
  // States of aggregates are written in the order rows came; their results are not.
  const selected = columns.map(({ name, type }) =>
    type.startsWith('AggregateFunction') ? `finalizeAggregation(\`${name}\`) AS \`${name}\`` : `\`${name}\``,
  );
  const final = (await keepsOneRowAKey({ client, database }, table)) ? ' FINAL' : '';
  const answer = await client.query({
    query: `SELECT ${selected.join(', ')} FROM {database:Identifier}.{table:Identifier}${final} ORDER BY ${names}`,
    query_params: { database, table },
    format: 'JSONEachRow',
    clickhouse_settings: { ...querySettings, max_bytes_before_external_sort: '500000000' },
  });
  const hash = createHash('sha256');
  let rows = 0;
  for await (const portion of answer.stream()) {
    for (const row of portion) hash.update(row.text).update('\n');
    rows += portion.length;
  }
  return { table, rows, sha256: hash.digest('hex') };
}

async function columnsOf({ client, database }: Connected, table: string): Promise<readonly Column[]> {
  const answer = await client.query({
    query: `SELECT name, type FROM system.columns
      WHERE database = {database:String} AND table = {table:String} AND default_kind NOT IN ('ALIAS', 'EPHEMERAL')
      ORDER BY name`,
    query_params: { database, table },
    format: 'JSONEachRow',
  });
  return answer.json<Column>();
}

async function keepsOneRowAKey({ client, database }: Connected, table: string): Promise<boolean> {
  const answer = await client.query({
    query: 'SELECT engine FROM system.tables WHERE database = {database:String} AND name = {table:String}',
    query_params: { database, table },
    format: 'JSONEachRow',
  });
  const [found] = await answer.json<{ engine: string }>();
  return found !== undefined && found.engine !== 'MergeTree' && found.engine.endsWith('MergeTree');
}
