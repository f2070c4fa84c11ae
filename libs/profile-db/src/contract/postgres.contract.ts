import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createPostgresPool, inTransaction, isRetriablePostgresError, migratePostgres } from '../index.js';

export interface PostgresUnderTest {
  /** Of a user who may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

const published = path.resolve(import.meta.dirname, '../../../../schemas/postgres');

/** What Rapport needs of a PostgreSQL server, whoever runs it. Every test has a database of its own. */
export function describePostgres(name: string, start: () => Promise<PostgresUnderTest>): void {
  describe(name, () => {
    let server: PostgresUnderTest;
    let databases = 0;
    let pool: pg.Pool;
    let folder: string;

    beforeAll(async () => {
      server = await start();
    }, 300_000);
    afterAll(async () => server?.stop());

    beforeEach(async () => {
      databases += 1;
      const admin = new pg.Client({ connectionString: server.url });
      await admin.connect();
      await admin.query(`CREATE DATABASE contract_${databases}`);
      await admin.end();
      const url = new URL(server.url);
      url.pathname = `/contract_${databases}`;
      pool = createPostgresPool({
        url: url.href,
        poolSize: 3,
        applicationName: 'contract',
        onError: () => undefined,
      });
      folder = await mkdtemp(path.join(tmpdir(), 'rapport-migrations-'));
    });
    afterEach(async () => {
      await pool.end();
      await rm(folder, { recursive: true });
    });

    const publish = (file: string, sql: string): Promise<void> => writeFile(path.join(folder, file), sql);
    const applied = async (): Promise<readonly string[]> => {
      const { rows } = await pool.query<{ name: string }>('SELECT name FROM public.migrations ORDER BY name');
      return rows.map((row) => row.name);
    };
    const tables = async (): Promise<readonly string[]> => {
      const { rows } = await pool.query<{ name: string }>(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
      );
      return rows.map((row) => row.name);
    };

    describe('migrations', () => {
      it('Given an empty database, all that are published are applied in order; the next time nothing happens', async () => {
        const files = (await readdir(published)).filter((file) => file.endsWith('.sql')).sort();

        expect(await migratePostgres(pool, published)).toEqual(files);
        expect(await applied()).toEqual(files);
        expect(await migratePostgres(pool, published)).toEqual([]);
      }, 60_000);

      it('Given three processes that begin at once, each migration is applied by one of them', async () => {
        await publish('0001_visits.sql', 'CREATE TABLE visits (n int)');
        await publish('0002_first.sql', 'INSERT INTO visits VALUES (1)');

        const each = await Promise.all([1, 2, 3].map(() => migratePostgres(pool, folder)));

        expect(each.flat().sort()).toEqual(['0001_visits.sql', '0002_first.sql']);
        expect((await pool.query('SELECT n FROM visits')).rows).toEqual([{ n: 1 }]);
      });

      it('Given one that fails, nothing of that run stands, and it can be mended', async () => {
        await publish('0001_visits.sql', 'CREATE TABLE visits (n int)');
        await migratePostgres(pool, folder);
        await publish('0002_views.sql', 'CREATE TABLE views (n int)');
        await publish('0003_broken.sql', 'CREATE TABLE broken (n nonsense)');

        await expect(migratePostgres(pool, folder)).rejects.toThrow('type "nonsense" does not exist');
        expect(await applied()).toEqual(['0001_visits.sql']);
        expect(await tables()).toEqual(['migrations', 'visits']);

        await publish('0003_broken.sql', 'CREATE TABLE broken (n int)');
        expect(await migratePostgres(pool, folder)).toEqual(['0002_views.sql', '0003_broken.sql']);
      });

      it('Given a file that was changed after it was applied, it is refused by name and nothing happens', async () => {
        await publish('0001_visits.sql', 'CREATE TABLE visits (n int)');
        await migratePostgres(pool, folder);
        await publish('0001_visits.sql', 'CREATE TABLE visits (n bigint)');
        await publish('0002_views.sql', 'CREATE TABLE views (n int)');

        await expect(migratePostgres(pool, folder)).rejects.toThrow(
          'Migration 0001_visits.sql was changed after it was applied to this database. Restore the file',
        );
        expect(await tables()).toEqual(['migrations', 'visits']);
      });

      it('Given a database that is newer than the program, it is refused and nothing happens', async () => {
        await publish('0001_visits.sql', 'CREATE TABLE visits (n int)');
        await publish('0002_views.sql', 'CREATE TABLE views (n int)');
        await migratePostgres(pool, folder);
        await rm(path.join(folder, '0002_views.sql'));

        await expect(migratePostgres(pool, folder)).rejects.toThrow(/0002_views\.sql .* Start the newer version/);
        expect(await applied()).toEqual(['0001_visits.sql', '0002_views.sql']);
      });
    });

    describe('transactions', () => {
      it('Given work that fails, nothing of it stands', async () => {
        await pool.query('CREATE TABLE visits (n int)');

        const work = inTransaction(pool, async (tx) => {
          await tx.query('INSERT INTO visits VALUES (1)');
          throw new Error('changed its mind');
        });

        await expect(work).rejects.toThrow('changed its mind');
        expect((await pool.query('SELECT n FROM visits')).rows).toEqual([]);
      });

      it('Given a connection that is lost amid the work, it can be tried again on the same pool', async () => {
        await pool.query('CREATE TABLE visits (n int)');

        const lost = await inTransaction(pool, async (tx) => {
          await tx.query('INSERT INTO visits VALUES (1)');
          const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
          await pool.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
          await tx.query('INSERT INTO visits VALUES (2)');
        }).catch((error: unknown) => error);

        expect(isRetriablePostgresError(lost)).toBe(true);
        await inTransaction(pool, (tx) => tx.query('INSERT INTO visits VALUES (3)'));
        expect((await pool.query('SELECT n FROM visits')).rows).toEqual([{ n: 3 }]);
      });
    });

    describe('a pool for those who answer somebody that waits', () => {
      it('Given a server that does not answer in time, it gives up, may be tried again, and works on', async () => {
        const reads = createPostgresPool({
          url: server.url,
          poolSize: 1,
          applicationName: 'contract-reads',
          onError: () => undefined,
          answersWithinMs: 500,
        });
        const givenUp = await reads.query('SELECT pg_sleep(20)').catch((error: unknown) => error);
        expect(isRetriablePostgresError(givenUp)).toBe(true);
        expect((await reads.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
        await reads.end();
      });
    });

    it('says which process of the server works for each new connection', async () => {
      const heard: number[] = [];
      const heardBy = createPostgresPool({
        url: server.url,
        poolSize: 1,
        applicationName: 'contract-processes',
        onError: () => undefined,
        onServerProcess: (processId) => heard.push(processId),
      });
      const { rows } = await heardBy.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await heardBy.end();
      expect(heard).toEqual([rows[0]?.pid]);
    });

    describe('values', () => {
      it('gives bigint as a number, and refuses what a number cannot hold', async () => {
        expect((await pool.query('SELECT (2::bigint ^ 53)::bigint - 1 AS n')).rows).toEqual([{ n: 2 ** 53 - 1 }]);
        await expect(pool.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow('beyond 2^53');
      });

      it('says times in UTC, wherever the server stands', async () => {
        const { rows } = await pool.query("SELECT timestamptz '2026-03-29 03:30:00+02'::text AS at");
        expect(rows).toEqual([{ at: '2026-03-29 01:30:00+00' }]);
      });
    });
  });
}
