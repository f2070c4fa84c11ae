import type { JsonObject } from '@rapport/events';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import type { Finding } from '../erasure.js';
import { byWorkspace, rowsOf, type AlikeRows, type Erased } from './people.js';
import { personalTables, type PersonalTable } from './personal-tables.js';

const personalColumns = loadSql(import.meta.url, 'personal-columns');
const forgetCaches = loadSql(import.meta.url, 'forget-caches');

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function readPersonalTables(postgres: Pool): Promise<readonly PersonalTable[]> {
  const { rows } = await postgres.query<{ schema: string; table: string; column: string; type: string }>(
    personalColumns,
  );
  return personalTables(rows.map(({ schema, table, column, type }) => ({ table: `${schema}.${table}`, column, type })));
}

/** Deletes every row about the people, in one transaction, and counts again afterwards; findings by person, in their order. */
export async function purgePostgres(
  postgres: Pool,
  people: readonly Erased[],
): Promise<readonly (readonly Finding[])[]> {
  const tables = await readPersonalTables(postgres);
  await inTransaction(postgres, async (tx) => {
    for (const table of tables) for (const erased of byWorkspace(people)) await deleteRows(tx, table, erased);
    await tx.query(forgetCaches);
  });
  const left = await surveyPostgres(postgres, people);
  return left.map((findings) => findings.map((finding) => ({ ...finding, removed: 0 })));
}

/** The name of a table, `schema.table`, in findings. */
export function storeOf(table: string): string {
  return `postgresql ${table}`;
}

/** What there is to purge, by person, in their order: `removed` counts the rows that are going to be. */
export async function surveyPostgres(
  postgres: Pool,
  people: readonly Erased[],
): Promise<readonly (readonly Finding[])[]> {
  const findings = people.map((): Finding[] => []);
  for (const table of await readPersonalTables(postgres)) {
    const counts = await countRows(postgres, table, people);
    counts.forEach((rows, index) => findings[index]?.push({ store: storeOf(table.table), removed: rows, left: rows }));
  }
  return findings;
}

/** Every row about the person as JSON, by table; what is sealed is left out. */
export async function readPostgresRows(
  postgres: Pool,
  erased: Erased,
): Promise<Readonly<Record<string, readonly JsonObject[]>>> {
  const found: Record<string, readonly JsonObject[]> = {};
  for (const table of await readPersonalTables(postgres)) {
    const { where, values } = conditionOf(table, erased);
    const { rows } = await postgres.query<{ row: JsonObject }>(`SELECT to_jsonb(t) AS row FROM ${where}`, values);
    if (rows.length > 0) found[table.table] = rows.map(({ row }) => withoutSealed(row));
  }
  return found;
}

/** Columns of bytes hold sealed content. */
function withoutSealed(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => !(typeof value === 'string' && value.startsWith('\\x'))),
  );
}

async function deleteRows(db: PoolClient, table: PersonalTable, erased: Erased): Promise<void> {
  const { where, values } = conditionOf(table, erased);
  await db.query(`DELETE FROM ${where}`, values);
}

/** By person, in their order. */
async function countRows(db: Pool, table: PersonalTable, people: readonly Erased[]): Promise<readonly number[]> {
  const columns = [...table.profiles, ...table.hashes].map(({ column }) => column);
  const groups = new Map<string, readonly AlikeRows[]>();
  for (const erased of byWorkspace(people)) {
    const { where, values } = conditionOf(table, erased);
    const named = columns.map((column) => `'${column}', ${quoted(column)}`).join(', ');
    const { rows } = await db.query<AlikeRows>(
      `SELECT json_build_object(${named}) AS named, count(*)::int AS rows FROM ${where} GROUP BY ${columns.map(quoted).join(', ')}`,
      values,
    );
    groups.set(erased.workspaceId, rows);
  }
  return people.map((person) => rowsOf(person, table, groups.get(person.workspaceId) ?? []));
}

/** `table AS t WHERE ...` with its parameters. */
function conditionOf(
  { table, hasWorkspace, profiles, hashes }: PersonalTable,
  { workspaceId, profileIds, subjectIds, identifierHashes }: Erased,
): { readonly where: string; readonly values: unknown[] } {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const conditions: string[] = [];
  for (const { column, type } of profiles) {
    const ids = type === 'uuid' ? profileIds.filter((id) => uuid.test(id)) : profileIds;
    conditions.push(`${quoted(column)} = ANY(${parameter(ids)}::${type === 'uuid' ? 'uuid' : 'text'}[])`);
  }
  for (const { column } of hashes) {
    const ids = column === 'subject_id' ? subjectIds : identifierHashes;
    conditions.push(`${quoted(column)} = ANY(${parameter(ids)}::text[])`);
  }
  const workspace = hasWorkspace ? `workspace_id = ${parameter(workspaceId)} AND ` : '';
  const name = table.split('.').map(quoted).join('.');
  return { where: `${name} AS t WHERE ${workspace}(${conditions.join(' OR ')})`, values };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
