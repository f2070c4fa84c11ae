import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { freePort, temporaryFolder } from '@rapport/testing';
import { pino } from 'pino';
import { startEmbeddedClickHouse, type EmbeddedClickHouse } from '../embedded/embedded-clickhouse.js';
import { migrateClickHouse, statementsOf } from './migrate-clickhouse.js';

const writer = { username: 'writer', password: 'writer' };

describe('migrations of ClickHouse', () => {
  let server: EmbeddedClickHouse;
  let data: ReturnType<typeof temporaryFolder>;
  let files: ReturnType<typeof temporaryFolder>;
  let database = 0;
  let client: ClickHouseClient;

  beforeAll(async () => {
    data = temporaryFolder();
    const options = {
      folder: data.path,
      port: await freePort(),
      database: 'rapport',
      logger: pino({ level: 'silent' }),
    };
    server = await startEmbeddedClickHouse({ ...options, writer, analyst: { username: 'a', password: 'a' } });
  });
  afterAll(async () => {
    await server.stop();
    data.remove();
  });
  beforeEach(() => {
    database += 1;
    files = temporaryFolder();
    mkdirSync(path.join(files.path, 'views'));
    client = createClient({ url: server.url, ...writer, database: name(), log: { level: ClickHouseLogLevel.OFF } });
    write(
      '0001_first.sql',
      '-- Two tables; a comment;\nCREATE TABLE a (x UInt8) ENGINE = Memory;\nCREATE TABLE b (x UInt8) ENGINE = Memory;\n',
    );
    write('views/01_sum.sql', 'CREATE OR REPLACE VIEW total AS SELECT sum(x) AS x FROM a');
  });
  afterEach(async () => {
    await client.close();
    files.remove();
  });

  it('are applied in order, once each, into a database that they make', async () => {
    expect(await migrate()).toEqual(['0001_first.sql']);
    write('0002_second.sql', 'ALTER TABLE a ADD COLUMN y UInt8');
    expect(await migrate()).toEqual(['0002_second.sql']);
    expect(await migrate()).toEqual([]);
    expect(await ask('SHOW TABLES')).toBe('a\nb\nmigrations\ntotal\n');
  });

  it('make views anew, so that an edited view is the one that answers', async () => {
    await migrate();
    await client.command({ query: 'INSERT INTO a VALUES (3)' });
    write('views/01_sum.sql', 'CREATE OR REPLACE VIEW total AS SELECT 2 * sum(x) AS x FROM a');
    await migrate();
    expect(await ask('SELECT x FROM total')).toBe('6\n');
  });

  it('refuse a file that was changed after it was applied, and apply nothing', async () => {
    await migrate();
    write('0001_first.sql', 'CREATE TABLE c (x UInt8) ENGINE = Memory');
    write('0002_second.sql', 'CREATE TABLE d (x UInt8) ENGINE = Memory');
    await expect(migrate()).rejects.toThrow(/0001_first.sql was changed after it was applied.*new migration/s);
    expect(await ask('SHOW TABLES')).toBe('a\nb\nmigrations\ntotal\n');
  });

  it('refuse data that is newer than the program', async () => {
    await migrate();
    rmSync(path.join(files.path, '0001_first.sql'));
    await expect(migrate()).rejects.toThrow(/older than its data/);
  });

  it('name the file that fails, and go on with it when it is mended', async () => {
    write('0002_second.sql', 'CREATE TABLE broken (x Unknown) ENGINE = Memory');
    await expect(migrate()).rejects.toThrow(/^0002_second.sql failed: .*Unknown/s);
    write('0002_second.sql', 'CREATE TABLE mended (x UInt8) ENGINE = Memory');
    expect(await migrate()).toEqual(['0002_second.sql']);
  });

  const name = (): string => `migrated_${database}`;
  const write = (file: string, sql: string): void => writeFileSync(path.join(files.path, file), sql);
  const migrate = (): Promise<readonly string[]> =>
    migrateClickHouse({ url: server.url, ...writer, database: name(), folder: files.path });
  const ask = async (query: string): Promise<string> => (await client.query({ query, format: 'TabSeparated' })).text();
});

describe('statements of a file', () => {
  it('end with a semicolon at the end of a line, and comments alone are none', () => {
    expect(statementsOf("-- a; b\nSELECT ';', 1;\n\n-- end\nSELECT 2")).toEqual([
      "-- a; b\nSELECT ';', 1",
      '-- end\nSELECT 2',
    ]);
    expect(statementsOf('-- nothing;\n')).toEqual([]);
  });
});
