import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { eventually, freePort, temporaryFolder } from '@rapport/testing';
import { pino } from 'pino';
import { startEmbeddedClickHouse, type EmbeddedClickHouse } from './embedded-clickhouse.js';

const writer = { username: 'writer', password: 'writer' };
const analyst = { username: 'analyst', password: 'analyst' };
/** Takes minutes, within the rows an analyst may read. */
const endless = `SELECT count() FROM numbers(1900000000) WHERE ${'sipHash64('.repeat(40)}number${')'.repeat(40)} % 7 = 3`;

let folder: ReturnType<typeof temporaryFolder>;
let port: number;
const servers: EmbeddedClickHouse[] = [];
const clients: ClickHouseClient[] = [];
const children: ChildProcess[] = [];
const said: string[] = [];
const logger = pino({ level: 'error' }, { write: (line) => void said.push(line) });

beforeEach(async () => {
  folder = temporaryFolder();
  port = await freePort();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const server of servers.splice(0)) await server.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  folder.remove();
});

describe('the embedded ClickHouse', () => {
  it('keeps what was acknowledged through a kill -9 of the parent, whose server ends with it', async () => {
    // Given a Rapport process with rows in its ClickHouse
    const parent = await startInOtherProcess();
    const before = clientFor(parent.url);
    await before.command({ query: 'CREATE TABLE things (id UInt64) ENGINE = MergeTree ORDER BY id' });
    await before.insert({ table: 'things', values: [{ id: 1 }], format: 'JSONEachRow' });
    // When it is killed and started again at once on the same folder and port
    parent.process.kill('SIGKILL');
    const again = await start();
    // Then the old server is gone and the rows are there
    expect(isAlive(parent.server)).toBe(false);
    expect(await ask(clientFor(again.url), 'SELECT id FROM things')).toBe('1\n');
  });

  it('stops without a complaint', async () => {
    said.length = 0;
    const server = await start();
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow();
    expect(said).toEqual([]);
  });

  it('comes back when its own process dies', async () => {
    const server = await start();
    const client = clientFor(server.url);
    const before = server.processId();
    process.kill(before!, 'SIGKILL');
    await eventually(async () => {
      expect(await ask(client, 'SELECT 1')).toBe('1\n');
    });
    expect(server.processId()).not.toBe(before);
  });

  it('takes inserts while slow questions fill every place for analysts, and frees the place of one who leaves', async () => {
    const server = await start();
    const ours = clientFor(server.url);
    const theirs = clientFor(server.url, analyst);
    await ours.command({ query: 'CREATE TABLE things (id UInt64) ENGINE = MergeTree ORDER BY id' });
    // Given more endless questions than places
    const leaving = new AbortController();
    const questions = Array.from({ length: 6 }, () =>
      theirs.query({ query: endless, abort_signal: leaving.signal }).catch(() => 'left'),
    );
    await eventually(async () => {
      expect(
        await ask(
          ours,
          `SELECT count() FROM system.processes WHERE query LIKE '%numbers(1900000000)%' AND query NOT LIKE '%processes%'`,
        ),
      ).toBe('4\n');
    });
    // When rows are inserted, they are stored
    await ours.insert({ table: 'things', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(await ask(ours, 'SELECT count() FROM things')).toBe('1\n');
    // When the askers leave, their questions end and others get an answer
    leaving.abort();
    expect(await Promise.all(questions)).toEqual(Array.from({ length: 6 }, () => 'left'));
    expect(await ask(theirs, 'SELECT 2')).toBe('2\n');
    await eventually(async () => {
      expect(
        await ask(
          ours,
          `SELECT count() FROM system.processes WHERE query LIKE '%numbers(1900000000)%' AND query NOT LIKE '%processes%'`,
        ),
      ).toBe('0\n');
    });
  });

  it('ends a question at its time limit, which an analyst can tighten and not lift', async () => {
    const theirs = clientFor((await start()).url, analyst);
    const limited = (max_execution_time: number) =>
      theirs.query({ query: endless, clickhouse_settings: { max_execution_time } });
    await expect(limited(1)).rejects.toMatchObject({ code: '159' });
    await expect(limited(0)).rejects.toMatchObject({ code: '452' });
    await expect(limited(61)).rejects.toMatchObject({ code: '452' });
    expect(await ask(theirs, 'SELECT 1')).toBe('1\n');
  });

  it('never lets settings or parameters of one question reach the next', async () => {
    const client = clientFor((await start()).url);
    const values = Array.from({ length: 40 }, (_, at) => at);
    const answers = await Promise.all(
      values.map(async (at) => {
        const answer = await client.query({
          query: "SELECT {n:UInt32}, getSetting('max_block_size')",
          query_params: { n: at },
          clickhouse_settings: { max_block_size: String(1000 + at) },
          format: 'JSONCompactEachRow',
        });
        return (await answer.json<[number, number]>())[0]?.map(Number);
      }),
    );
    expect(answers).toEqual(values.map((at) => [at, 1000 + at]));
    await expect(ask(client, 'SELECT {n:UInt32}')).rejects.toMatchObject({ code: '456' });
  });

  it('takes an insert of 150 MB as a stream, and leaves no file behind', async () => {
    const server = await start();
    const client = clientFor(server.url);
    await client.command({ query: 'CREATE TABLE things (id UInt64, text String) ENGINE = MergeTree ORDER BY id' });
    // Given 150 MB of rows that are made as they are sent
    const line = `1,"${'x'.repeat(1000)}"\n`;
    const chunk = line.repeat(1000);
    const values = Readable.from(
      Array.from({ length: 150 }, () => chunk),
      { objectMode: false },
    );
    await client.insert({ table: 'things', values, format: 'CSV' });
    expect(await ask(client, 'SELECT count(), any(length(text)) FROM things')).toBe('150000\t1000\n');
    expect(readdirSync(path.join(folder.path, 'clickhouse', 'work'))).toEqual([]);
  });

  it.each(['a sudden end of the body', 'a body that is no gzip'])('stores nothing of %s', async (fault) => {
    const server = await start();
    const client = clientFor(server.url);
    await client.command({ query: 'CREATE TABLE things (id UInt64) ENGINE = MergeTree ORDER BY id' });
    const url = `${server.url}/?database=rapport&query=INSERT%20INTO%20things%20FORMAT%20TSV`;
    const headers = { Authorization: `Basic ${Buffer.from('writer:writer').toString('base64')}` };
    if (fault === 'a body that is no gzip') {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Encoding': 'gzip' },
        body: '1\n',
      });
      expect(await answer.text()).toMatch(/no gzip stream/);
    } else {
      const leaving = new AbortController();
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from('1\n'));
          setTimeout(() => leaving.abort(), 100);
        },
      });
      await expect(
        fetch(url, { method: 'POST', headers, body, duplex: 'half', signal: leaving.signal } as RequestInit),
      ).rejects.toThrow();
    }
    expect(await ask(client, 'SELECT count() FROM things')).toBe('0\n');
    await eventually(() => expect(readdirSync(path.join(folder.path, 'clickhouse', 'work'))).toEqual([]));
  });

  it('names a port that is taken, and the setting that moves it', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      await expect(start()).rejects.toThrow(
        new RegExp(`Port ${port} on 127.0.0.1.* is taken .*RAPPORT_CLICKHOUSE_PORT`, 's'),
      );
    } finally {
      other.close();
    }
  });

  it('says so when another process uses the folder', async () => {
    await start();
    port = await freePort();
    await expect(start()).rejects.toThrow(/Another Rapport uses .*RAPPORT_DATA_DIR/s);
  });

  it('gives a question of an analyst the memory that was said, and our own as much as there is', async () => {
    const { url } = await start({ analystMemoryBytes: 50_000_000 });
    const greedy = 'SELECT length(groupArray(number)) FROM numbers(20000000)';
    await expect(ask(clientFor(url, analyst), greedy)).rejects.toMatchObject({ type: 'MEMORY_LIMIT_EXCEEDED' });
    expect(await ask(clientFor(url), greedy)).toBe('20000000\n');
  });

  it('gives the engine nothing of our environment', async () => {
    process.env['RAPPORT_TEST_SECRET'] = 'secret';
    const server = await start();
    delete process.env['RAPPORT_TEST_SECRET'];
    if (process.platform !== 'linux') return;
    expect(readFileSync(`/proc/${server.processId()}/environ`, 'utf8')).not.toContain('RAPPORT_TEST_SECRET');
  });
});

async function start(more: { readonly analystMemoryBytes?: number } = {}): Promise<EmbeddedClickHouse> {
  const server = await startEmbeddedClickHouse({ ...settings(), ...more, logger });
  servers.push(server);
  return server;
}

function settings() {
  return { folder: path.join(folder.path, 'clickhouse'), port, database: 'rapport', writer, analyst };
}

function clientFor(url: string, { username, password } = writer): ClickHouseClient {
  const client = createClient({
    url,
    username,
    password,
    database: 'rapport',
    log: { level: ClickHouseLogLevel.OFF },
    keep_alive: { enabled: false },
  });
  clients.push(client);
  return client;
}

async function ask(client: ClickHouseClient, query: string): Promise<string> {
  return (await client.query({ query, format: 'TabSeparated' })).text();
}

async function startInOtherProcess(): Promise<{ process: ChildProcess; url: string; server: number }> {
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const script = `
    import { startEmbeddedClickHouse } from ${JSON.stringify(built)};
    const logger = { info() {}, warn() {}, error() {} };
    const server = await startEmbeddedClickHouse({ ...${JSON.stringify(settings())}, logger });
    process.send({ url: server.url, server: server.processId() });
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  const [message] = (await once(child, 'message')) as [{ url: string; server: number }];
  return { process: child, ...message };
}

/** A process that died and was not reaped yet is dead. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
