import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedClickHouse, migrateClickHouse } from '@rapport/analytics-db';
import { createPostgresPool, migratePostgres, startEmbeddedPostgres } from '@rapport/profile-db';
import { pino } from 'pino';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const projectRoot = path.resolve(import.meta.dirname, '../../..');
const cache = path.join(projectRoot, '.test-stores');
const logger = pino({ level: 'silent' });

/** What the prepared PostgreSQL was made with; its password stays the same for its life. */
export const preparedPostgres = { user: 'rapport', password: 'rapport', database: 'rapport' };
const preparedClickHouse = { database: 'rapport', username: 'writer', password: 'writer' };

/** Gives a data folder of the standalone program both databases as its first start leaves them, unless they are there. */
export async function prepareDataFolder(dataDir: string): Promise<void> {
  const schemas = path.join(projectRoot, 'schemas');
  await preparePostgres(path.join(dataDir, 'postgres'), schemas);
  await prepareClickHouse(path.join(dataDir, 'clickhouse'), schemas);
}

/** Gives `folder`, unless it is there, a PostgreSQL that every migration of `schemasDir` went through, with nothing in it. */
export function preparePostgres(folder: string, schemasDir: string): Promise<void> {
  const schemas = path.join(schemasDir, 'postgres');
  const code = path.join(projectRoot, 'libs/profile-db/src');
  return copyPrepared('postgres', [schemas, code], folder, async (made) => {
    const server = await startEmbeddedPostgres({ folder: made, port: await freePort(), ...preparedPostgres, logger });
    const pool = createPostgresPool({
      url: server.url,
      poolSize: 1,
      applicationName: 'prepare',
      onError: () => undefined,
    });
    await migratePostgres(pool, schemas);
    await pool.end();
    await server.stop();
  });
}

/** Gives `folder`, unless it is there, a ClickHouse with all tables and views of `schemasDir`, and nothing in them. */
export function prepareClickHouse(folder: string, schemasDir: string): Promise<void> {
  const schemas = path.join(schemasDir, 'clickhouse');
  const code = path.join(projectRoot, 'libs/analytics-db/src');
  return copyPrepared('clickhouse', [schemas, code], folder, async (made) => {
    const { database, ...writer } = preparedClickHouse;
    const analyst = { username: 'analyst', password: 'analyst' };
    const server = await startEmbeddedClickHouse({
      folder: made,
      port: await freePort(),
      database,
      writer,
      analyst,
      logger,
    });
    await migrateClickHouse({ url: server.url, database, ...writer, folder: schemas });
    await server.stop();
  });
}

/**
 * A copy of what `make` makes of an empty folder. It is made once and kept for later runs, as long as all it is made
 * from stays the same to the byte; migrations take seconds, a copy takes a fraction of one.
 */
async function copyPrepared(
  name: string,
  madeFrom: readonly string[],
  folder: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  if (existsSync(folder)) return;
  const prepared = path.join(
    cache,
    `${name}-${checksumOf([...madeFrom, path.join(projectRoot, 'package-lock.json')])}`,
  );
  if (!existsSync(prepared)) await keep(name, prepared, make);
  // Keeps owners (root gives PostgreSQL's files to an ordinary user) and relative links, as `fs.cp` does not.
  await mkdir(path.dirname(folder), { recursive: true });
  await run('cp', ['-a', prepared, folder]);
}

async function keep(name: string, prepared: string, make: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(cache, { recursive: true });
  const outdated = (await readdir(cache)).filter((each) => each.startsWith(`${name}-`));
  for (const each of outdated) await rm(path.join(cache, each), { recursive: true, force: true });
  const unfinished = path.join(cache, `unfinished-${name}-${process.pid}`);
  await make(unfinished);
  await rename(unfinished, prepared).catch(async (error: unknown) => {
    // Another worker of this run was faster.
    await rm(unfinished, { recursive: true });
    if (!existsSync(prepared)) throw error;
  });
}

function checksumOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow)) hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(file: string): readonly string[] {
  if (!statSync(file).isDirectory()) return [file];
  return readdirSync(file)
    .sort()
    .flatMap((name) => filesBelow(path.join(file, name)));
}
