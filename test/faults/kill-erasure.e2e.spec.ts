import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  eventually,
  freePortSettings,
  RapportProcess,
  prepareDataFolder,
  startStandaloneProcess,
  temporaryFolder,
  type RunningEndpoints,
} from '@rapport/testing';
import { withKeyWork } from '@rapport/runtime';
import pg from 'pg';
import { filesWith, formsOf } from '../privacy/canary.js';

const built = path.resolve(import.meta.dirname, '../../services/standalone/dist');
const canary = 'Kd5canary3Isolde7Turnstone';
const email = `${canary}@example.com`;
/** Who is erased with them. */
const others = [`${canary}-1@example.com`, `${canary}-2@example.com`];

interface Erasure {
  readonly status: string;
  readonly step: string;
  readonly stores: readonly { readonly store: string; readonly removed: number; readonly left: number }[];
  readonly certificate: string | null;
  readonly completedAt: string | null;
}

/**
 * Three people are erased in one go, and every process is killed at each of the steps in turn. What holds them at a step is a lock
 * of ours in the database, so that the kill falls where it is meant to; keys are cached for long enough to take it in time. Nobody asks for anything after a start: it goes on by itself.
 */
describe('kill -9 in the middle of an erasure', () => {
  const folder = temporaryFolder();
  const environment: Record<string, string> = { RAPPORT_KEY_CACHE_SECONDS: '40', RAPPORT_LOG_LEVEL: 'warn' };
  let rapport: { process: RapportProcess; endpoints: RunningEndpoints };
  let held: pg.Client[] = [];
  let erasureIds: readonly string[] = [];

  const start = async (): Promise<void> => {
    const program = path.join(built, 'main.js');
    rapport = await startStandaloneProcess({ program, environment, dataDir: folder.path }, 180_000);
  };
  beforeAll(async () => {
    Object.assign(environment, await freePortSettings());
    await prepareDataFolder(folder.path);
    await start();
    await send([
      ...Array.from({ length: 10 }, (_, i) => identify(`other-${i}`, `other-${i}@example.org`)),
      ...others.map((address, i) => ({ ...identify(`user-${canary}-${i}`, address), messageId: `with-${i}` })),
      identify(`user-${canary}`, email),
      { ...identify(`user-${canary}`, email), type: 'track', event: 'Order Completed', messageId: 'order', properties },
    ]);
    await eventually(async () => {
      for (const each of [email, ...others]) expect((await api(`/v1/profiles/${each}`)).status).toBe(200);
    }, 120_000);
    await eventually(async () => {
      const { rows } = await (await connected()).query('SELECT FROM profile.orders');
      expect(rows).toHaveLength(1);
    }, 120_000);
  }, 400_000);
  afterAll(async () => {
    await rapport?.process.kill({ descendants: true });
    folder.remove();
  });

  const properties = { order_id: `order-${canary}`, total: 10, currency: 'EUR', note: canary };
  const identify = (userId: string, address: string) => ({
    type: 'identify',
    messageId: `identify-${userId.startsWith('other') ? userId : 'them'}`,
    userId,
    traits: { email: address },
  });
  const send = async (batch: readonly object[]): Promise<void> => {
    const { http, writeKey } = rapport.endpoints;
    const response = await fetch(`${http}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
      body: JSON.stringify({ batch }),
    });
    expect(response.status).toBe(200);
  };
  const api = (at: string, body?: object): Promise<Response> =>
    fetch(rapport.endpoints.http + at, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${rapport.endpoints.apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const erasureOf = async (id = '') => (await (await api(`/v1/erasures/${id}`)).json()) as Erasure;
  const erasure = () => erasureOf(erasureIds[0]);
  /** A connection of ours; it ends with the database that is killed. */
  const connected = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: rapport.endpoints.postgres });
    client.on('error', () => undefined);
    await client.connect();
    held.push(client);
    return client;
  };
  const hold = async (statement: string): Promise<pg.Client> => {
    const client = await connected();
    await client.query('BEGIN');
    await client.query(statement);
    return client;
  };
  /** Where it does not get so far, what it said meanwhile is the first thing one wants to know. */
  const withWhatItSaid = (error: unknown): never => {
    throw new Error(`${String(error)}\n\n${rapport.process.output.slice(-4_000)}`, { cause: error });
  };
  const waits = async (query: string): Promise<void> => {
    const watcher = await connected();
    await eventually(
      async () => {
        const { rows } = await watcher.query(
          "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1",
          [query],
        );
        expect(rows).not.toEqual([]);
      },
      400_000,
      50,
    ).catch(withWhatItSaid);
  };
  const killAndStart = async (): Promise<void> => {
    await rapport.process.kill({ descendants: true });
    await Promise.all(held.map((client) => client.end().catch(() => undefined)));
    held = [];
    await start();
  };

  /** Brings the erasure to the step and no further. */
  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['while its keys are waited for to expire', () => eventually(expiring, 400_000, 20)],
    [
      'amid the purge of PostgreSQL',
      async () => {
        await hold('LOCK TABLE profile.orders IN SHARE MODE');
        await waits('DELETE FROM "profile"."orders"%');
      },
    ],
    [
      'when PostgreSQL is purged and its files are not rewritten',
      async () => {
        await hold('LOCK TABLE profile.orders IN ACCESS SHARE MODE');
        await waits('VACUUM%');
      },
    ],
    [
      'before it is certified',
      async () => {
        const ours = await hold('LOCK TABLE privacy.epoch IN ACCESS SHARE MODE');
        await waits('LOCK TABLE privacy.epoch%');
        // Progress is committed without waiting for the disk: here it is there after the kill, elsewhere it may be lost.
        await ours.query('CHECKPOINT');
      },
    ],
    [
      'when the certificate is on the log and nowhere else',
      async () => {
        const first = await hold('LOCK TABLE privacy.epoch IN ACCESS SHARE MODE');
        await waits('LOCK TABLE privacy.epoch%');
        await hold('SELECT FROM privacy.erasures FOR UPDATE');
        await first.query('ROLLBACK');
        await waits('%UPDATE privacy.erasures%');
      },
    ],
  ];
  const expiring = async () => expect((await erasure()).step).toBe('waiting for cached keys to expire');

  it('it begins by itself when it was killed before a key was destroyed', async () => {
    // Erasing and wrapping keys anew take turns, and this is somebody who has the turn.
    const pool = new pg.Pool({ connectionString: rapport.endpoints.postgres, max: 1 });
    pool.on('error', () => undefined);
    const { promise: killed, resolve: giveUp } = Promise.withResolvers<void>();
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const turn = withKeyWork(pool, () => {
      take();
      return killed;
    });
    await taken;
    for (const identifier of [email, ...others]) {
      const requested = await api('/v1/erasures', { identifier });
      expect(requested.status).toBe(202);
      erasureIds = [...erasureIds, ((await requested.json()) as { erasureId: string }).erasureId];
    }
    expect((await erasure()).step).toBe('waiting');
    await killAndStart();
    giveUp();
    await turn;
    await pool.end();
  }, 400_000);

  it.each(steps)(
    'it goes on by itself when it was killed %s',
    async (_, reach) => {
      await reach();
      expect((await erasure()).status).toBe('requested');
      await killAndStart();
      for (const id of erasureIds) expect((await api(`/v1/erasures/${id}`)).status).toBe(200);
    },
    900_000,
  );

  it('it ends with certificates of everything that was there, and nothing of the people is left', async () => {
    const completed = await eventually(async () => {
      const now = await erasure();
      expect(now.status).toBe('completed');
      return now;
    }, 240_000).catch(withWhatItSaid);
    const file = path.join(folder.path, 'certificate.jws');
    writeFileSync(file, completed.certificate ?? '');
    const verified = new RapportProcess({
      program: path.join(built, 'cli/main.js'),
      args: ['erase', '--verify', file, '--json'],
      environment: { ...environment, RAPPORT_DATA_DIR: folder.path },
    });
    const { certificate } = JSON.parse(await verified.finished()) as { certificate: Pick<Erasure, 'stores'> };
    const found = new Map(certificate.stores.map(({ store, removed, left }) => [store, [removed, left]]));
    expect(found.get('postgresql profile.profiles')).toEqual([1, 0]);
    expect(found.get('postgresql profile.orders')).toEqual([1, 0]);
    expect(found.get('clickhouse recorded_touchpoints')).toEqual([2, 0]);
    expect([...found.values()].filter(([, left]) => left !== 0)).toEqual([]);
    expect(found.has('postgresql pages of profile.orders')).toBe(true);

    // One moment for all: they went together to the end.
    const all = await Promise.all(erasureIds.map(erasureOf));
    const ends = all.map(({ status, completedAt }) => [status, completedAt]);
    expect(ends).toEqual(all.map(() => ['completed', completed.completedAt]));
    for (const { stores } of all.slice(1)) {
      const removed = (name: string) => stores.find(({ store }) => store === name)?.removed;
      expect([removed('postgresql profile.profiles'), removed('clickhouse recorded_touchpoints')]).toEqual([1, 1]);
      expect(stores.filter(({ left }) => left !== 0)).toEqual([]);
    }

    await rapport.process.stop();
    expect(await filesWith(folder.path, formsOf(canary))).toEqual([]);
    await start();
    for (let i = 0; i < 10; i += 1) expect((await api(`/v1/profiles/other-${i}`)).status).toBe(200);
    for (const each of [email, ...others]) expect((await api(`/v1/profiles/${each}`)).status).toBe(404);
  }, 600_000);
});
