import { startTestPlatform, type TestPlatform } from '@rapport/testing';
import pg from 'pg';
import { scrubPostgres } from './postgres.scrub.js';

describe('rewriting what PostgreSQL keeps of deleted rows', () => {
  let test: TestPlatform;
  let pool: pg.Pool;

  beforeAll(async () => {
    test = await startTestPlatform();
    const { postgres } = test.platform;
    await postgres.query("CREATE ROLE hired LOGIN PASSWORD 'hired'");
    await postgres.query('CREATE SCHEMA rooms AUTHORIZATION hired');
    await postgres.query('CREATE TABLE public.theirs (n int)');
    const url = new URL(test.config.postgres.url);
    Object.assign(url, { username: 'hired', password: 'hired' });
    pool = new pg.Pool({ connectionString: url.toString() });
    await pool.query('CREATE TABLE rooms.own (n int)');
  }, 120_000);
  afterAll(async () => {
    await pool?.end();
    await test.stop();
  });

  const notes = async (db: pg.Pool) =>
    Object.fromEntries(
      (await scrubPostgres(db, ['rooms.own', 'public.theirs'])).map(({ store, left, note = '' }) => [
        store,
        [left, note.replace(/;.*/, '')],
      ]),
    );

  it('is done to tables, statistics and the write-ahead log by who may', async () => {
    expect(await notes(test.platform.postgres)).toEqual({
      'postgresql pages of rooms.own': [0, 'rewritten'],
      'postgresql pages of public.theirs': [0, 'rewritten'],
      'postgresql column statistics': [0, 'rewritten'],
      'postgresql write-ahead log': [0, ''],
    });
  });

  it('is not said to be done where the server refuses, even if only by a warning', async () => {
    expect(await notes(pool)).toEqual({
      'postgresql pages of rooms.own': [0, 'rewritten'],
      'postgresql pages of public.theirs': [0, 'not rewritten, for lack of permission'],
      'postgresql column statistics': [0, 'not rewritten, for lack of permission'],
      'postgresql write-ahead log': [0, 'not replaced, for lack of permission'],
    });
  });
});
