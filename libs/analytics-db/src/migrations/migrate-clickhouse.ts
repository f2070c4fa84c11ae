import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { clusterForm } from './cluster-form.js';
import { commentColumns } from './comment-columns.js';
import { hurryCleanup } from './hurry-cleanup.js';

export interface ClickHouseMigrationOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Made when absent. */
  readonly database: string;
  /** Holds `NNNN_*.sql`, views in `views/NN_*.sql`, and what their columns mean in `catalog.yml`. */
  readonly folder: string;
  /** Name of a ClickHouse cluster: tables and views are made in their form for it (`clusterForm`). */
  readonly cluster?: string | undefined;
  /** Leaves out the views: nobody asks a database that is only built to be exchanged with another. */
  readonly tablesOnly?: boolean;
}

/** An applied migration is not what its file says any more, or an applied one has no file. */
export class ClickHouseMigrationError extends Error {
  override readonly name = 'ClickHouseMigrationError';
}

/** Entry of the table `migrations` for all views: they stand on each other, so they are made anew together. */
const viewsTogether = 'views';

/** A migration may have to write a table of hundreds of millions of rows anew. */
const longestStatementMs = 3_600_000;

interface SqlFile {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies `NNNN_*.sql` in order, each once, remembering its SHA-256, then makes the views anew if any of them changed. Statements end with a
 * semicolon at the end of a line. ClickHouse has no transaction around a migration and no lock between processes, so
 * every statement is to be written such that doing it twice is harmless (IF NOT EXISTS).
 * Returns the names it applied. Errors: `ClickHouseMigrationError`.
 */
export async function migrateClickHouse(options: ClickHouseMigrationOptions): Promise<readonly string[]> {
  const { url, username, password, database, folder, cluster } = options;
  const formOf = (statement: string) =>
    cluster === undefined ? [statement] : clusterForm(statement, { cluster, database });
  await createDatabase(options);
  const client = connect({ url, username, password, database });
  try {
    const migrations = await sqlFilesOf(folder);
    const applied = await readApplied(client);
    refuseMismatch(applied, migrations, folder);
    const pending = migrations.filter(({ name }) => !applied.has(name));
    for (const { name, sql, checksum } of pending) {
      for (const statement of statementsOf(sql).flatMap(formOf)) await execute(client, name, statement);
      await client.insert({ table: 'migrations', values: [{ name, checksum }], format: 'JSONEachRow' });
    }
    if (pending.length > 0) await hurryCleanup(client, database);
    if (options.tablesOnly) return pending.map(({ name }) => name);
    const views = await sqlFilesOf(path.join(folder, 'views'));
    const catalog = path.join(folder, 'catalog.yml');
    const described = existsSync(catalog) ? await readFile(catalog, 'utf8') : '';
    const checksum = checksumOf([...views.map((view) => view.checksum), checksumOf(described)].join());
    if (pending.length > 0 || applied.get(viewsTogether) !== checksum) {
      for (const { name, sql } of views) {
        for (const statement of statementsOf(sql).flatMap(formOf)) await execute(client, `views/${name}`, statement);
      }
      await commentColumns(client, described);
      await client.insert({ table: 'migrations', values: [{ name: viewsTogether, checksum }], format: 'JSONEachRow' });
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.close();
  }
}

function connect(connection: Omit<ClickHouseMigrationOptions, 'folder'>): ClickHouseClient {
  return createClient({
    ...connection,
    application: 'rapport-migrations',
    request_timeout: longestStatementMs,
    clickhouse_settings: { distributed_ddl_task_timeout: String(longestStatementMs / 1000) },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Splits at semicolons that end a line; comments stay with the statement they precede. */
export function statementsOf(sql: string): readonly string[] {
  return sql
    .split(/;[ \t]*(?:\r?\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '');
}

async function createDatabase({
  url,
  username,
  password,
  database,
  cluster,
}: ClickHouseMigrationOptions): Promise<void> {
  const client = connect({ url, username, password, database: 'default' });
  try {
    await client.command({
      query: `CREATE DATABASE IF NOT EXISTS {database:Identifier}${cluster === undefined ? '' : ' ON CLUSTER {cluster:Identifier}'}`,
      query_params: { database, cluster },
    });
  } finally {
    await client.close();
  }
}

async function sqlFilesOf(folder: string): Promise<readonly SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8');
      return { name, sql, checksum: checksumOf(sql) };
    }),
  );
}

async function readApplied(client: ClickHouseClient): Promise<ReadonlyMap<string, string>> {
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS migrations
      (name String, checksum FixedString(64), applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
      ENGINE = MergeTree ORDER BY name
      COMMENT 'Migrations of schemas/clickhouse that were applied, with the SHA-256 of their files'`,
  });
  const answer = await client.query({
    query: 'SELECT name, argMax(checksum, applied_at) AS checksum FROM migrations GROUP BY name',
    format: 'JSONEachRow',
  });
  const rows = await answer.json<{ name: string; checksum: string }>();
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

function refuseMismatch(applied: ReadonlyMap<string, string>, files: readonly SqlFile[], folder: string): void {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const [name, checksum] of applied) {
    if (name === viewsTogether) continue;
    const file = byName.get(name);
    if (file === undefined) {
      throw new ClickHouseMigrationError(
        `Migration ${name} was applied to ClickHouse but has no file in ${folder}: this program is older than its data. Start the newer version.`,
      );
    }
    if (file.checksum !== checksum) {
      throw new ClickHouseMigrationError(
        `Migration ${name} was changed after it was applied to ClickHouse. Restore the file, and put the change into a new migration.`,
      );
    }
  }
}

async function execute(client: ClickHouseClient, name: string, statement: string): Promise<void> {
  try {
    await client.command({ query: statement });
  } catch (cause) {
    throw new ClickHouseMigrationError(`${name} failed: ${(cause as Error).message}`, { cause });
  }
}
