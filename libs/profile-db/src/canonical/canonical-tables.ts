import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { loadSql } from '../load-sql.js';

const tablesOfSchema = loadSql(import.meta.url, 'tables-of-schema');
const rowsAtOnce = 5_000;

/** What a table holds, in one figure: the same for the same rows, whatever order they were written in. */
export interface TableDigest {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 of the canonical export, in hex. */
  readonly sha256: string;
}

export interface CanonicalTable {
  readonly name: string;
  /** Lines of JSON in the order of the primary key, names of objects in a fixed order; in portions. */
  lines(): AsyncIterable<readonly string[]>;
}

/**
 * The tables of a schema in canonical form. Reads through the transaction given, so what it finds is of one moment where
 * that is REPEATABLE READ. `lines` of two tables are read one after the other.
 */
export async function canonicalTables(tx: PoolClient, schema: string): Promise<readonly CanonicalTable[]> {
  const { rows } = await tx.query<{ name: string; columns: string; key: string | null }>(tablesOfSchema, [schema]);
  return rows.map(({ name, columns, key }) => ({
    name,
    lines: () => linesOf(tx, `SELECT ${columns} FROM "${schema}"."${name}"`, key ?? columns),
  }));
}

async function* linesOf(tx: PoolClient, select: string, order: string): AsyncGenerator<readonly string[]> {
  // jsonb writes equal values alike, which the columns of type json do not.
  const text = `SELECT to_jsonb(canonical)::text AS line FROM (${select}) AS canonical ORDER BY ${order}`;
  await tx.query(`DECLARE canonical_rows NO SCROLL CURSOR FOR ${text}`);
  for (;;) {
    const { rows } = await tx.query<{ line: string }>(`FETCH ${rowsAtOnce} FROM canonical_rows`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await tx.query('CLOSE canonical_rows');
}

/** Reads a table through; `onLines` is given what was read, for an export. */
export async function digestTable(
  { name, lines }: CanonicalTable,
  onLines: (lines: readonly string[]) => Promise<void> | void = () => undefined,
): Promise<TableDigest> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const portion of lines()) {
    for (const line of portion) hash.update(line).update('\n');
    rows += portion.length;
    await onLines(portion);
  }
  return { table: name, rows, sha256: hash.digest('hex') };
}
