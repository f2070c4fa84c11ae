import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import type { Erasure, Finding } from '../erasure.js';
import { personalTables, type PersonalTable } from './personal-tables.js';

type Parts = Pick<Platform, 'clickhouse' | 'config'>;
type Erased = Pick<Erasure, 'workspaceId' | 'profileIds' | 'subjectIds' | 'identifierHashes'>;

/** Old parts are kept for eight minutes by default, with the bytes in them; the person's go as soon as the new ones are safe. */
const hurriedCleanup = {
  old_parts_lifetime: 1,
  min_rows_to_fsync_after_merge: 1,
};
const oldPartsWithinMs = 120_000;

/** Rewrites every part that holds rows about the person and waits until the parts before are gone from the disk. */
export async function purgeClickHouse(parts: Parts, erased: Erased): Promise<readonly Finding[]> {
  // Side by side: most of the time is spent waiting for the same cleanup.
  return Promise.all(
    (await readPersonalTables(parts)).map(async (table): Promise<Finding> => {
      if ((await count(parts, table, erased)) > 0) await rewrite(parts, table, erased);
      return { store: `clickhouse ${table.table}`, removed: 0, left: await count(parts, table, erased) };
    }),
  );
}

/** What there is to purge: `removed` counts the rows that are going to be. */
export async function surveyClickHouse(parts: Parts, erased: Erased): Promise<readonly Finding[]> {
  return Promise.all(
    (await readPersonalTables(parts)).map(async (table): Promise<Finding> => {
      const rows = await count(parts, table, erased);
      return { store: `clickhouse ${table.table}`, removed: rows, left: rows };
    }),
  );
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

async function rewrite(parts: Parts, table: PersonalTable, erased: Erased): Promise<void> {
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
    await command(`ALTER TABLE {table:Identifier} DELETE WHERE ${condition(table)} SETTINGS mutations_sync = 2`, {
      ...name,
      ...parametersOf(erased),
    });
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

async function count({ clickhouse }: Parts, table: PersonalTable, erased: Erased): Promise<number> {
  const answer = await clickhouse.query({
    query: `SELECT count() AS rows FROM {table:Identifier} WHERE ${condition(table)}`,
    query_params: { table: table.table, ...parametersOf(erased) },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ rows: string }>();
  return Number(row?.rows ?? 0);
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
