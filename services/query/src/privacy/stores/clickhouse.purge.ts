import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import type { Finding } from '../erasure.js';
import { byWorkspace, rowsOf, type AlikeRows, type Erased } from './people.js';
import { personalTables, type PersonalTable } from './personal-tables.js';

type Parts = Pick<Platform, 'clickhouse' | 'config'>;

/** Old parts are kept for eight minutes by default, with the bytes in them; the person's go as soon as the new ones are safe. */
const hurriedCleanup = {
  old_parts_lifetime: 1,
  min_rows_to_fsync_after_merge: 1,
};
const oldPartsWithinMs = 120_000;

/**
 * Rewrites every part that holds rows about the people, once for all of them, and waits until the parts before are gone from the
 * disk. Findings by person, in their order.
 */
export async function purgeClickHouse(
  parts: Parts,
  people: readonly Erased[],
): Promise<readonly (readonly Finding[])[]> {
  return lookThrough(parts, people, async (table, counts) => {
    if (counts.every((rows) => rows === 0)) return counts.map(() => ({ removed: 0, left: 0 }));
    await rewrite(parts, table, byWorkspace(people));
    return (await countRows(parts, table, people)).map((left) => ({ removed: 0, left }));
  });
}

/** What there is to purge, by person, in their order: `removed` counts the rows that are going to be. */
export async function surveyClickHouse(
  parts: Parts,
  people: readonly Erased[],
): Promise<readonly (readonly Finding[])[]> {
  return lookThrough(parts, people, (_, counts) =>
    Promise.resolve(counts.map((rows) => ({ removed: rows, left: rows }))),
  );
}

type Counts = readonly Pick<Finding, 'removed' | 'left'>[];

async function lookThrough(
  parts: Parts,
  people: readonly Erased[],
  treat: (table: PersonalTable, rows: readonly number[]) => Promise<Counts>,
): Promise<readonly (readonly Finding[])[]> {
  // Side by side: most of the time is spent waiting for the same cleanup.
  const byTable = await Promise.all(
    (await readPersonalTables(parts)).map(async (table) => {
      const counts = await treat(table, await countRows(parts, table, people));
      return counts.map((count): Finding => ({ store: `clickhouse ${table.table}`, ...count }));
    }),
  );
  return people.map((_, index) => byTable.flatMap((findings) => findings[index] ?? []));
}

/** Every row about the person, by table. */
export async function readClickHouseRows(
  parts: Parts,
  erased: Erased,
): Promise<Readonly<Record<string, readonly JsonObject[]>>> {
  const found: Record<string, readonly JsonObject[]> = {};
  for (const table of await readPersonalTables(parts)) {
    const answer = await parts.clickhouse.query({
      query: `SELECT * FROM {table:Identifier} WHERE ${condition(table)}`,
      query_params: { table: table.table, ...parametersOf(erased) },
      format: 'JSONEachRow',
    });
    const rows = await answer.json<JsonObject>();
    if (rows.length > 0) found[table.table] = rows;
  }
  return found;
}

export async function readPersonalTables({ clickhouse, config }: Parts): Promise<readonly PersonalTable[]> {
  const answer = await clickhouse.query({
    query: `
      SELECT table, name AS column, type
      FROM system.columns
      WHERE database = {database:String}
        AND table IN (SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree')
      ORDER BY table, position`,
    query_params: { database: config.clickhouse.database },
    format: 'JSONEachRow',
  });
  return personalTables(await answer.json());
}

async function rewrite(parts: Parts, table: PersonalTable, workspaces: readonly Erased[]): Promise<void> {
  const { clickhouse } = parts;
  const settings = Object.entries(hurriedCleanup);
  const name = { table: table.table };
  const command = (query: string, query_params: Record<string, unknown>): Promise<unknown> =>
    clickhouse.command({ query, query_params });
  await command(
    `ALTER TABLE {table:Identifier} MODIFY SETTING ${settings.map(([key, value]) => `${key} = ${value}`).join(', ')}`,
    name,
  );
  try {
    for (const erased of workspaces) {
      await command(`ALTER TABLE {table:Identifier} DELETE WHERE ${condition(table)} SETTINGS mutations_sync = 2`, {
        ...name,
        ...parametersOf(erased),
      });
    }
    await oldPartsGone(parts, table);
  } finally {
    await command(`ALTER TABLE {table:Identifier} RESET SETTING ${settings.map(([key]) => key).join(', ')}`, name);
  }
}

async function oldPartsGone({ clickhouse, config }: Parts, { table }: PersonalTable): Promise<void> {
  for (let waited = 0; ; waited += 500) {
    const answer = await clickhouse.query({
      query:
        'SELECT count() AS parts FROM system.parts WHERE database = {database:String} AND table = {table:String} AND NOT active',
      query_params: { database: config.clickhouse.database, table },
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ parts: string }>();
    if (Number(row?.parts ?? 0) === 0) return;
    if (waited > oldPartsWithinMs) throw new Error(`ClickHouse still keeps old parts of ${table}`);
    await pause(500);
  }
}

/** By person, in their order. */
async function countRows(
  { clickhouse }: Parts,
  table: PersonalTable,
  people: readonly Erased[],
): Promise<readonly number[]> {
  const columns = [...table.profiles, ...table.hashes].map(({ column }) => column);
  const groups = new Map<string, readonly AlikeRows[]>();
  for (const erased of byWorkspace(people)) {
    const answer = await clickhouse.query({
      query: `
        SELECT [${columns.map((column) => `ifNull(toString(\`${column}\`), '')`).join(', ')}] AS named, count() AS rows
        FROM {table:Identifier}
        WHERE ${condition(table)}
        GROUP BY named`,
      query_params: { table: table.table, ...parametersOf(erased) },
      format: 'JSONEachRow',
    });
    const rows = await answer.json<{ named: readonly string[]; rows: string }>();
    groups.set(
      erased.workspaceId,
      rows.map((row) => ({
        named: Object.fromEntries(columns.map((column, index) => [column, row.named[index] ?? null])),
        rows: Number(row.rows),
      })),
    );
  }
  return people.map((person) => rowsOf(person, table, groups.get(person.workspaceId) ?? []));
}

function condition({ hasWorkspace, profiles, hashes }: PersonalTable): string {
  const people = [
    ...profiles.map(({ column }) => `toString(\`${column}\`) IN {profileIds:Array(String)}`),
    ...hashes.map(
      ({ column }) => `\`${column}\` IN {${column === 'subject_id' ? 'subjectIds' : 'identifierHashes'}:Array(String)}`,
    ),
  ].join(' OR ');
  return hasWorkspace ? `workspace_id = {workspaceId:String} AND (${people})` : `(${people})`;
}

function parametersOf({ workspaceId, profileIds, subjectIds, identifierHashes }: Erased): Record<string, unknown> {
  return { workspaceId, profileIds, subjectIds, identifierHashes };
}
