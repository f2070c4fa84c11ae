import type { Session } from 'chdb';
import { literal } from './statement.js';

/** A table whose rows say which workspace they belong to, by database and name. */
export interface WorkspaceTable {
  readonly database: string;
  readonly name: string;
}

/** System tables that tell what others ask, or how much there is of everybody's. */
const ofTheServer = ['processes', 'parts', 'parts_columns', 'query_cache', 'query_log', 'merges', 'mutations'];

export async function workspaceTablesOf(session: Session): Promise<readonly WorkspaceTable[]> {
  const result = await session.queryAsync(
    `SELECT database, name
     FROM system.tables
     WHERE engine != 'View' AND (database, name) IN
       (SELECT database, table FROM system.columns WHERE name = 'workspace_id')`,
    { format: 'JSONEachRow' },
  );
  const lines = result.text().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as WorkspaceTable);
}

/** The value of `additional_table_filters` that leaves one workspace's rows. */
export function filtersOf(tables: readonly WorkspaceTable[], workspaceId: string): string {
  const own = `workspace_id = ${literal(workspaceId)}`;
  const filters = [
    ...tables.map(({ database, name }) => [`${database}.${name}`, own] as const),
    ...ofTheServer.map((name) => [`system.${name}`, '0'] as const),
  ];
  return `{${filters.map(([table, filter]) => `${literal(table)}:${literal(filter)}`).join(',')}}`;
}
