import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, freePort } from '@rapport/testing';
import pg from 'pg';
import { pino } from 'pino';
import { binariesFor, installedPostgres } from './binaries.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { serverUserFor } from './server-user.js';

const said: string[] = [];
const logger = pino({ level: 'error' }, { write: (line) => void said.push(line) });
const built = new URL('../../dist/index.js', import.meta.url).href;

let folder: string;
let port: number;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  // Only its owner may enter it: as root, PostgreSQL's ordinary user meets a path it could not walk.
  folder = await mkdtemp(path.join(tmpdir(), 'rapport-postgres-'));
  port = await freePort();
  said.length = 0;
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  it('keeps what was written through a stop and a start', async () => {
    // Given a server with a row in it
    const first = await start();
    await query(first.url, 'CREATE TABLE person (name text)');
    await query(first.url, "INSERT INTO person VALUES ('Zoë')");
    // When it stops and starts again
    await first.stop();
    const second = await start();
    // Then nothing was wrong with that, and the row is there, in the same database
    expect(said).toEqual([]);
    expect(second.url).toBe(`postgres://rapport:secret@127.0.0.1:${port}/rapport`);
    expect(await query(second.url, 'SELECT name FROM person')).toEqual([{ name: 'Zoë' }]);
  });

  it('starts on a data folder whose server was left running by a kill -9 of its parent', async () => {
    // Given a Rapport process that is killed and leaves its PostgreSQL running
    const parent = await startInOtherProcess();
    await query(parent.url, 'CREATE TABLE person (name text)');
    parent.process.kill('SIGKILL');
    await once(parent.process, 'exit');
    expect(isAlive(parent.postmaster)).toBe(true);
    // When it is started again on the same folder and port
    const again = await start();
    // Then a new server runs, the data is there, and the old server is gone
    expect(again.processId()).not.toBe(parent.postmaster);
    expect(await query(again.url, 'SELECT count(*)::int AS n FROM person')).toEqual([{ n: 0 }]);
  });

  it('comes back when its own process dies', async () => {
    const server = await start();
    const before = server.processId();
    process.kill(before!, 'SIGKILL');
    await eventually(async () => {
      expect(server.processId()).not.toBe(before);
      expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
  });

  it('leaves a stranger alone that got the process id of a dead server', async () => {
    // Given a data folder whose postmaster.pid names a living process of somebody else
    await (await start()).stop();
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    children.push(stranger);
    const pidFile = path.join(folder, 'pg', 'data', 'postmaster.pid');
    await writeFile(pidFile, `${stranger.pid}\n/somewhere\n`);
    const user = await serverUserFor(path.dirname(pidFile));
    if (user !== undefined) await chmod(pidFile, 0o666);
    // When the server starts
    const server = await start();
    // Then it runs and nothing happened to the stranger
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isAlive(stranger.pid!)).toBe(true);
  });

  it('starts over when it was killed while it made the data folder', async () => {
    await mkdir(path.join(folder, 'pg', 'unfinished', 'base'), { recursive: true });
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('names a port that is taken, and the setting that moves it', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      await expect(start()).rejects.toThrow(
        new RegExp(`Port ${port} on 127.0.0.1.* is taken .*RAPPORT_POSTGRES_PORT`, 's'),
      );
    } finally {
      other.close();
    }
  });

  it('says so when the password is not the one the folder was made with', async () => {
    await (await start()).stop();
    await expect(start({ password: 'other' })).rejects.toThrow(/made with another password/);
  });

  it('writes no value of a row into its log', async () => {
    const server = await start();
    await query(server.url, 'CREATE TABLE person (email text PRIMARY KEY)');
    await query(server.url, "INSERT INTO person VALUES ('zoe@example.com')");
    await expect(query(server.url, "INSERT INTO person VALUES ('zoe@example.com')")).rejects.toThrow(/duplicate key/);
    const log = await readFile(path.join(folder, 'pg', 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('zoe@example.com');
  });
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('the programs of PostgreSQL, started by root (skipped for other users)', () => {
  it('are copied to where an ordinary user can run them when the installation is closed to it', async () => {
    // Given an installation below a folder that only root may enter
    const installed = { ...installedPostgres(), folder: path.join(folder, 'package', 'native') };
    await cp(installedPostgres().folder, installed.folder, { recursive: true, verbatimSymlinks: true });
    const copies = await mkdtemp(path.join(tmpdir(), 'rapport-programs-'));
    await chmod(copies, 0o755);
    try {
      // When an ordinary user's programs are asked for, twice
      const user = await serverUserFor('/does-not-exist');
      const first = await binariesFor(user, installed, copies);
      const made = (await stat(first.postgres)).mtimeMs;
      const second = await binariesFor(user, installed, copies);
      // Then they lie in the open, and were copied once
      expect(first.postgres.startsWith(copies)).toBe(true);
      expect(second).toEqual(first);
      expect((await stat(second.postgres)).mtimeMs).toBe(made);
    } finally {
      await rm(copies, { recursive: true, force: true });
    }
  });
});

async function start(overrides: { readonly password?: string } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ ...settings(), ...overrides, logger });
  running.push(server);
  return server;
}

function settings() {
  return { folder: path.join(folder, 'pg'), port, user: 'rapport', password: 'secret', database: 'rapport' };
}

async function startInOtherProcess(): Promise<{ process: ChildProcess; url: string; postmaster: number }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(built)};
    const logger = { info() {}, warn() {}, error() {} };
    const server = await startEmbeddedPostgres({ ...${JSON.stringify(settings())}, logger });
    process.send({ url: server.url, postmaster: server.processId() });
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  const [message] = (await once(child, 'message')) as [{ url: string; postmaster: number }];
  return { process: child, ...message };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
