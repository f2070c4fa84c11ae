import type { JsonObject } from '@rapport/events';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import type { Erasure, Finding } from '../erasure.js';
import { personalTables, type PersonalTable } from './personal-tables.js';

const personalColumns = loadSql(import.meta.url, 'personal-columns');
const forgetCaches = loadSql(import.meta.url, 'forget-caches');

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Erased = Pick<Erasure, 'workspaceId' | 'profileIds' | 'subjectIds' | 'identifierHashes'>;

export async function readPersonalTables(postgres: Pool): Promise<readonly PersonalTable[]> {
  const { rows } = await postgres.query<{ schema: string; table: string; column: string; type: string }>(
    personalColumns,
  );
  return personalTables(rows.map(({ schema, table, column, type }) => ({ table: `${schema}.${table}`, column, type })));
}

/** Deletes every row about the person, in one transaction, and counts again afterwards. */
export async function purgePostgres(postgres: Pool, erased: Erased): Promise<readonly Finding[]> {
  const tables = await readPersonalTables(postgres);
  await inTransaction(postgres, async (tx) => {
    for (const table of tables) await run(tx, table, erased, 'DELETE');
    await tx.query(forgetCaches);
  });
  const left = await surveyPostgres(postgres, erased);
  return left.map((finding) => ({ ...finding, removed: 0 }));
}

/** The name of a table, `schema.table`, in findings. */
export function storeOf(table: string): string {
  return `postgresql ${table}`;
}

/** What there is to purge: `removed` counts the rows that are going to be. */
export async function surveyPostgres(postgres: Pool, erased: Erased): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const table of await readPersonalTables(postgres)) {
    const rows = await run(postgres, table, erased, 'COUNT');
    findings.push({ store: storeOf(table.table), removed: rows, left: rows });
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

async function run(
  db: Pool | PoolClient,
  table: PersonalTable,
  erased: Erased,
  what: 'DELETE' | 'COUNT',
): Promise<number> {
  const { where, values } = conditionOf(table, erased);
  if (what === 'DELETE') return (await db.query(`DELETE FROM ${where}`, values)).rowCount ?? 0;
  const { rows } = await db.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${where}`, values);
  return rows[0]?.rows ?? 0;
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
