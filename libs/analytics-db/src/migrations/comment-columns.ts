import type { ClickHouseClient } from '@clickhouse/client';
import { parse } from 'yaml';
import { literal, quotedName } from '../embedded/statement.js';

/** What columns of views mean: `schemas/clickhouse/catalog.yml`. */
export interface ViewCatalog {
  /** By name, wherever it stands. */
  readonly columns: Readonly<Record<string, string>>;
  /** By view and name, where it means something else there. */
  readonly views: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Column {
  readonly table: string;
  readonly name: string;
}

/**
 * Gives every column of a view that has no comment the one of the catalog. Views with parameters have no columns in ClickHouse.
 * Returns the columns that nobody has described, `view.column`.
 */
export async function commentColumns(client: ClickHouseClient, catalogYaml: string): Promise<readonly string[]> {
  const { columns: described = {}, views = {} } = (parse(catalogYaml) ?? {}) as Partial<ViewCatalog>;
  const missing: string[] = [];
  const byView = Map.groupBy(await bareColumnsOf(client), ({ table }) => table);
  for (const [view, bare] of byView) {
    const changes: string[] = [];
    for (const { name } of bare) {
      const comment = views[view]?.[name] ?? described[name];
      if (comment === undefined) missing.push(`${view}.${name}`);
      else changes.push(`COMMENT COLUMN ${quotedName(name)} ${literal(comment)}`);
    }
    if (changes.length > 0) await client.command({ query: `ALTER TABLE ${quotedName(view)} ${changes.join(', ')}` });
  }
  return missing;
}

async function bareColumnsOf(client: ClickHouseClient): Promise<readonly Column[]> {
  const answer = await client.query({
    query: `SELECT columns.table AS table, columns.name AS name
      FROM system.columns AS columns
      INNER JOIN system.tables AS tables ON tables.database = columns.database AND tables.name = columns.table
      WHERE columns.database = currentDatabase() AND tables.engine = 'View' AND columns.comment = ''
      ORDER BY columns.table, columns.position`,
    format: 'JSONEachRow',
  });
  return answer.json<Column>();
}
