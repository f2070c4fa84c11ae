import type { ClickHouseClient } from '@clickhouse/client';
import { querySettings } from '@rapport/analytics-db';
import type { CanonicalTable } from '@rapport/profile-db';

export interface Connected {
  readonly client: ClickHouseClient;
  readonly database: string;
}

/** A table in canonical form: the same lines for the same rows, whatever order and however often they were written. */
export function canonicalTable(connected: Connected, name: string): CanonicalTable {
  return { name, lines: () => linesOf(connected, name) };
}

interface Column {
  readonly name: string;
  readonly type: string;
}

async function* linesOf({ client, database }: Connected, table: string): AsyncGenerator<readonly string[]> {
  const columns = await columnsOf({ client, database }, table);
  const names = columns.map(({ name }) => `\`${name}\``).join(', ');
  const selected = columns.map(({ name, type }) => `${canonicalValue(name, type)} AS \`${name}\``);
  const final = (await keepsOneRowAKey({ client, database }, table)) ? ' FINAL' : '';
  const answer = await client.query({
    query: `SELECT ${selected.join(', ')} FROM {database:Identifier}.{table:Identifier}${final} ORDER BY ${names}`,
    query_params: { database, table },
    format: 'JSONEachRow',
    clickhouse_settings: { ...querySettings, max_bytes_before_external_sort: '500000000' },
  });
  for await (const portion of answer.stream()) yield portion.map(({ text }) => text);
}

/** States of aggregates and the elements of sets are written in the order rows came. */
function canonicalValue(name: string, type: string): string {
  if (type.startsWith('AggregateFunction')) return `finalizeAggregation(\`${name}\`)`;
  if (type.startsWith('SimpleAggregateFunction(groupUniqArray')) return `arraySort(\`${name}\`)`;
  return `\`${name}\``;
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
