import type { ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';

const sql = loadSql(import.meta.url, 'tables-to-copy');

interface MadeTable {
  readonly statement: string;
  readonly name: string;
  readonly is_view: number;
}

/**
 * Makes a database with empty tables like those of another, and the materialized views that fill them: as they are there,
 * not as migrations would make them one after the other, which takes many times as long. Errors: a table is not there.
 */
export async function copyTables(
  clickhouse: ClickHouseClient,
  { from, to, tables }: { readonly from: string; readonly to: string; readonly tables: ReadonlySet<string> },
): Promise<void> {
  const query_params = { database: from, tables: [...tables] };
  const answer = await clickhouse.query({ query: sql, query_params, format: 'JSONEachRow' });
  const made = await answer.json<MadeTable>();
  const missing = [...tables].filter((table) => !made.some(({ name }) => name === table));
  if (missing.length > 0) {
    throw new Error(`ClickHouse has no ${missing.join(', ')} in ${from}. Start analyze once: it makes its tables.`);
  }
  await clickhouse.command({ query: 'CREATE DATABASE {to:Identifier}', query_params: { to } });
  const make = ({ statement }: MadeTable) => clickhouse.command({ query: inDatabase(statement, from, to) });
  await Promise.all(made.filter(({ is_view }) => !is_view).map(make));
  for (const view of made.filter(({ is_view }) => is_view)) await make(view);
}

/** ClickHouse writes a statement down in one form: keyword, space, database, dot, table. */
function inDatabase(statement: string, from: string, to: string): string {
  let moved = statement;
  for (const keyword of ['TABLE', 'VIEW', 'TO', 'FROM', 'JOIN']) {
    for (const name of [from, `\`${from}\``]) moved = moved.replaceAll(`${keyword} ${name}.`, `${keyword} \`${to}\`.`);
  }
  return moved;
}
