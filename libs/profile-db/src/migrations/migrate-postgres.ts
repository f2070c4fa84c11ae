import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../transaction.js';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** An applied migration is not what its file says any more, or an applied one has no file. */
export class MigrationMismatchError extends Error {
  override readonly name = 'MigrationMismatchError';
}

const advisoryLock = 7_241_990;

/**
 * Applies `NNNN_*.sql` of `folder` in order, each once, remembering its SHA-256. Several processes may call it at once.
 * Returns the names it applied. Errors: `MigrationMismatchError`.
 */
export async function migratePostgres(pool: Pool, folder: string): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  return inTransaction(pool, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLock]);
    const applied = await readApplied(tx);
    refuseMismatch(applied, migrations, folder);
    const pending = migrations.filter(({ name }) => !applied.has(name));
    for (const { name, sql, checksum } of pending) {
      await tx.query(sql);
      await tx.query('INSERT INTO public.migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    }
    return pending.map(({ name }) => name);
  });
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readApplied(tx: PoolClient): Promise<ReadonlyMap<string, string>> {
  await tx.query(
    'CREATE TABLE IF NOT EXISTS public.migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await tx.query<{ name: string; checksum: string }>('SELECT name, checksum FROM public.migrations');
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

function refuseMismatch(applied: ReadonlyMap<string, string>, migrations: readonly Migration[], folder: string): void {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const [name, checksum] of applied) {
    const file = files.get(name);
    if (!file) {
      throw new MigrationMismatchError(
        `Migration ${name} was applied to this database but has no file in ${folder}: this program is older than its data. Start the newer version.`,
      );
    }
    if (file.checksum !== checksum) {
      throw new MigrationMismatchError(
        `Migration ${name} was changed after it was applied to this database. Restore the file, and put the change into a new migration.`,
      );
    }
  }
}
