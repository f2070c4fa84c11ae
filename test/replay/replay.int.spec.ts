import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { profileIdOf, topicNames, type TopicName } from '@rapport/events';
import type { TableDigest } from '@rapport/profile-db';
import { completeErasure, rebuild, registerErasure, type ComparedTable, type Rebuilt } from '@rapport/runtime';
import { exportState, projections, projectionsNamed, startBuildingThreads } from '@rapport/service-standalone';
import { appendEvent, temporaryFolder } from '@rapport/testing';
import { endOfHistory, startSmallWorld, type SmallWorld } from './small-world.js';

const day = 86_400_000;
const names = [...projections.keys()];
/** As `rapport replay` starts it, built. */
const program = pathToFileURL(
  path.resolve(import.meta.dirname, '../../services/standalone/dist/cli/rebuild-thread.js'),
);
/** Projections whose rows say whose they are. */
const inPostgres = ['profile', 'segment', 'score', 'orchestrate'];

describe('a replay', () => {
  let world: SmallWorld;
  const folder = temporaryFolder();

  beforeAll(async () => {
    world = await startSmallWorld(30);
    // Erased before anybody read what they did: what is kept of an erased person that was known, erasing purges.
    const { vault } = world.test.platform;
    await world.append([
      { userId: 'gone', type: 'identify', traits: { email: 'gone@example.com' } },
      { userId: 'gone' },
    ]);
    await vault.eraseSubjects('default', [vault.hash('default', 'userId', 'gone')]);
    await world.start();
    const { history } = world;
    const half = Math.floor(history.length / 2);
    await world.append(history.slice(0, half));
    await world.timePassesTo(endOfHistory - 60 * day);
    // Some visitors turn out not to be whom they were taken for; one of them is told so twice.
    for (const { anonymousId, userId } of taken().slice(0, 4)) await world.split(anonymousId, userId);
    await world.settle();
    await world.append(history.slice(half));
    // Delivered a second time.
    await world.append(history.slice(half - 50, half + 50));
    await world.timePassesTo(endOfHistory + 10 * day);
  });
  afterAll(async () => {
    await world.stop();
    folder.remove();
  });

  const taken = () => {
    const pairs = world.history.flatMap(({ anonymousId, userId }) =>
      anonymousId !== undefined && userId !== undefined ? [[anonymousId, userId] as const] : [],
    );
    return [...new Map(pairs)].map(([anonymousId, userId]) => ({ anonymousId, userId }));
  };
  const replay = (name: string, options: Partial<Parameters<typeof rebuild>[1]> = {}): Promise<Rebuilt> => {
    const projection = projections.get(name);
    if (projection === undefined) throw new Error(`there is no projection ${name}`);
    return rebuild(world.test.platform, { ...projection, ...options });
  };
  const verify = async (name: string, options: Partial<Parameters<typeof rebuild>[1]> = {}) =>
    (await replay(name, { ...options, verify: true })).tables;
  const differences = (tables: readonly ComparedTable[]) =>
    tables.flatMap(({ table, live, rebuilt }) =>
      live.sha256 === rebuilt.sha256 ? [] : [`${table}: ${live.rows} rows, ${rebuilt.rows} rebuilt`],
    );
  const exportTo = (to: string, of: readonly string[]) =>
    exportState(world.test.platform, { projections: projectionsNamed(of), folder: path.join(folder.path, to) });
  const digestsOf = (tables: readonly TableDigest[]) =>
    Object.fromEntries(tables.map(({ table, sha256 }) => [table, sha256]));
  const filesIn = (to: string) =>
    Object.fromEntries(
      readdirSync(path.join(folder.path, to)).map((file) => {
        const bytes = readFileSync(path.join(folder.path, to, file));
        return [file, createHash('sha256').update(bytes).digest('hex')];
      }),
    );
  /** As an erasure leaves the tables, and with its word to every consumer. */
  const eraseFromTables = async (identifier: Readonly<Record<string, string>>): Promise<void> => {
    const { postgres, eventLog, vault, clock } = world.test.platform;
    const [[type, value]] = Object.entries(identifier) as [[string, string]];
    const profileId = profileIdOf('default', type, vault.hash('default', type, value));
    const about = { workspaceId: 'default', erasureId: `erasure-of-${profileId}` };
    const whom = { profileIds: [profileId], subjectIds: [], identifierHashes: [], requestedBy: 'spec' };
    await registerErasure(postgres, { ...about, ...whom, requestedAt: clock() });
    const { rows } = await postgres.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name
      FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = ANY ($1) AND column_name = 'profile_id' AND table_type = 'BASE TABLE'`,
      [inPostgres],
    );
    for (const name of ['runtime.timers', ...rows.map((row) => row.name)]) {
      await postgres.query(`DELETE FROM ${name} WHERE profile_id = $1`, [profileId]);
    }
    const bounds = (await Promise.all(topicNames.map((topic) => eventLog.bounds(topic)))).flat();
    const cuts = Object.fromEntries(bounds.map(({ topic, partition, high }) => [`${topic}/${partition}`, high]));
    const completed = { ...about, cuts, certificate: 'none', completedAt: clock() };
    await appendEvent(world.test.platform, 'erasures', about.erasureId, 'erasure-completed', completed);
    await completeErasure(postgres, completed);
    // Everybody is ranked anew without them.
    await world.timePassesTo(clock() + day);
  };
  const onTheLog = async () => {
    const ends = await Promise.all(
      topicNames.map(async (topic: TopicName) => {
        const bounds = await world.test.platform.eventLog.bounds(topic);
        return [topic, bounds.reduce((sum, { high }) => sum + high, 0)] as const;
      }),
    );
    return Object.fromEntries(ends);
  };

  it('has a history of all kinds to rebuild', async () => {
    const { rows } = await world.test.platform.postgres.query<{ parts: number; survivors: number; split: number }>(
      `SELECT (SELECT count(*) FROM profile.parts) AS parts,
        (SELECT count(*) FROM profile.profiles WHERE survivor_id IS NOT NULL) AS survivors,
        (SELECT count(*) FROM profile.profiles WHERE survivor_id IS NULL AND sequence > 0) AS split`,
    );
    expect(rows[0]?.parts).toBeGreaterThan(20);
    expect(rows[0]?.survivors).toBeGreaterThan(20);
    expect(rows[0]?.split).toBeGreaterThan(0);
  });

  it.each(
    names.flatMap((name) => [
      // ClickHouse takes its time for every insert.
      [name, name === 'analyze' ? 400 : 7, 1] as const,
      [name, 500, 3] as const,
      [name, 50_000, 4] as const,
    ]),
  )(
    'of %s, %i records at a time by %i workers, gives the same bytes',
    async (name, maxBatchRecords, workers) => {
      const tables = await verify(name, { maxBatchRecords, workers });
      expect(differences(tables)).toEqual([]);
      expect(tables.reduce((sum, { live }) => sum + live.rows, 0)).toBeGreaterThan(0);
    },
    120_000,
  );

  it.each(names.flatMap((name) => [[name, 1] as const, [name, 3] as const]))(
    'of %s with %i threads beside its own gives the same bytes, and tells of every record',
    async (name, count) => {
      let told: readonly number[] = [];
      const onProgress = (...progress: readonly number[]): void => void (told = progress);
      const tables = await verify(name, {
        maxBatchRecords: 500,
        threads: startBuildingThreads(count, program),
        onProgress,
      });
      expect(differences(tables)).toEqual([]);
      expect(tables.reduce((sum, { live }) => sum + live.rows, 0)).toBeGreaterThan(0);
      expect(told[0]).toBeGreaterThan(0);
      expect(told[0]).toBe(told[1]);
    },
    120_000,
  );

  it('of which a thread cannot be started fails, and leaves no copy behind', async () => {
    const nowhere = new URL('nowhere.js', program);
    await expect(replay('profile', { threads: startBuildingThreads(1, nowhere) })).rejects.toThrow('nowhere.js');
    const { rows } = await world.test.platform.postgres.query(
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%'",
    );
    expect(rows).toEqual([]);
  });

  it('appends nothing, sends nothing, and leaves behind what it found, byte for byte', async () => {
    const exported = await exportTo('before', names);
    const before = await onTheLog();
    for (const name of names) expect((await replay(name)).records).toBeGreaterThan(0);
    await world.settle();
    expect(await onTheLog()).toEqual(before);
    const verified: ComparedTable[] = [];
    for (const name of names) verified.push(...(await verify(name)));
    expect(differences(verified)).toEqual([]);
    expect(digestsOf(exported)).toEqual(digestsOf(verified.map(({ table, live }) => ({ ...live, table }))));
    await exportTo('after', names);
    expect(filesIn('after')).toEqual(filesIn('before'));
    expect(filesIn('after')).toEqual(
      Object.fromEntries(exported.map(({ table, sha256 }) => [`${table}.jsonl`, sha256])),
    );
    const { rows } = await world.test.platform.postgres.query<{ nspname: string }>(
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%'",
    );
    expect(rows).toEqual([]);
  });

  it('mends a row that was changed, which an export shows, and writes no other', async () => {
    const versions = async () => {
      const { rows } = await world.test.platform.postgres.query<{ id: string; version: string }>(
        "SELECT concat_ws(' ', workspace_id, profile_id, order_id) AS id, xmin::text AS version FROM profile.orders",
      );
      return new Map(rows.map(({ id, version }) => [id, version]));
    };
    const exported = await exportTo('whole', ['profile']);
    await world.test.platform.postgres.query(
      'UPDATE profile.orders SET amount = amount + 1 WHERE ctid = (SELECT ctid FROM profile.orders LIMIT 1)',
    );
    const changed = await exportTo('changed', ['profile']);
    const whole = digestsOf(exported);
    expect(changed.filter(({ table, sha256 }) => sha256 !== whole[table])).toMatchObject([{ table: 'profile.orders' }]);
    const before = await versions();
    await replay('profile');
    expect(digestsOf(await exportTo('mended', ['profile']))).toEqual(whole);
    const written = [...(await versions())].filter(([id, version]) => before.get(id) !== version);
    expect(written).toHaveLength(1);
  });

  it('goes on beside those who write and read: nothing is lost, and readers never see half of it', async () => {
    const { postgres } = world.test.platform;
    const people = async () =>
      (await postgres.query<{ n: number }>('SELECT count(*) AS n FROM profile.profiles')).rows[0]?.n ?? 0;
    const before = await people();
    const seen: number[] = [];
    let isOver = false;
    const reader = (async () => {
      while (!isOver) seen.push(await people());
    })();
    const newcomers = Array.from({ length: 300 }, (_, i) => ({
      userId: `newcomer-${i % 60}`,
      event: 'Order Completed',
      properties: { order_id: `new-${i}`, total: 3, currency: 'EUR' },
      timestamp: endOfHistory + 11 * day + i,
    }));
    const writer = (async () => {
      for (let i = 0; i < newcomers.length; i += 10) await world.append(newcomers.slice(i, i + 10));
    })();
    await replay('profile');
    await replay('analyze');
    await writer;
    isOver = true;
    await reader;
    await world.timePassesTo(endOfHistory + 12 * day);

    expect(seen.filter((count) => count < before)).toEqual([]);
    expect(await people()).toBe(before + 60);
    for (const name of names) expect(differences(await verify(name))).toEqual([]);
  });

  it.each([['who stayed'], ['who was split off']])(
    'gives the same bytes once the one %s was erased',
    async (who) => {
      const [pair] = taken().slice(who === 'who stayed' ? 5 : 6);
      if (pair === undefined) throw new Error('nobody is left to split');
      await world.split(pair.anonymousId, pair.userId);
      await world.settle();
      await eraseFromTables(who === 'who stayed' ? { userId: pair.userId } : { anonymousId: pair.anonymousId });
      for (const name of inPostgres) expect([name, ...differences(await verify(name))]).toEqual([name]);
    },
    120_000,
  );
});
