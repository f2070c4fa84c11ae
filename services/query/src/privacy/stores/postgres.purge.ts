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
  const removed = await inTransaction(postgres, async (tx) => {
    const counts: number[] = [];
    for (const table of tables) counts.push(await run(tx, table, erased, 'DELETE'));
    await tx.query(forgetCaches);
    return counts;
  });
  return Promise.all(
    tables.map(async (table, i): Promise<Finding> => ({
      store: `postgresql ${table.table}`,
      removed: removed[i] ?? 0,
      left: await run(postgres, table, erased, 'COUNT'),
    })),
  );
}

async function run(
  db: Pool | PoolClient,
  { table, hasWorkspace, profiles, hashes }: PersonalTable,
  { workspaceId, profileIds, subjectIds, identifierHashes }: Erased,
  what: 'DELETE' | 'COUNT',
): Promise<number> {
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
  const where = `FROM ${table.split('.').map(quoted).join('.')} WHERE ${workspace}(${conditions.join(' OR ')})`;
  if (what === 'DELETE') return (await db.query(`DELETE ${where}`, values)).rowCount ?? 0;
  const { rows } = await db.query<{ rows: number }>(`SELECT count(*)::int AS rows ${where}`, values);
  return rows[0]?.rows ?? 0;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
