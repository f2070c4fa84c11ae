import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { registerErasure, withKeyWork } from '@rapport/runtime';
import { analyzeConsumer } from '@rapport/service-analyze';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendTouchpoints,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
  type TouchpointToAppend,
} from '@rapport/testing';
import { QueryModule } from '../index.js';
import { erase, type ErasureWork } from './eraser.js';
import type { ErasureDto } from './erasure.dto.js';
import { goingTogether } from './erasure-round.js';
import { openErasures } from './erasure.store.js';

/** As long as nobody sleeps in a test. */
const keyCacheMs = 60_000;

describe('erasing several people in one go', () => {
  let test: TestPlatform;
  let serving: Serving;
  const turn = Promise.withResolvers<void>();
  let turnOver: Promise<unknown>;

  beforeAll(async () => {
    test = await startTestPlatform({ environment: { RAPPORT_KEY_CACHE_SECONDS: String(keyCacheMs / 1000) } });
    await test.startClickHouse();
    const { platform } = test;
    const consumers = [resolveConsumer(platform), await profileConsumer(platform), await analyzeConsumer(platform)];
    serving = await startServing(platform, [QueryModule], consumers);
    // The tests have the turn, so that the service's own eraser keeps out of it.
    const taken = Promise.withResolvers<void>();
    turnOver = withKeyWork(platform.postgres, () => {
      taken.resolve();
      return turn.promise;
    });
    await taken.promise;
    await send(customer('bob'));
  });
  afterAll(async () => {
    await serving.stop();
    turn.resolve();
    await turnOver;
    await test.stop();
  });

  const send = async (touchpoints: readonly TouchpointToAppend[]): Promise<void> => {
    await appendTouchpoints(test.platform, touchpoints);
    await serving.caughtUp();
  };
  const customer = (userId: string): readonly TouchpointToAppend[] => [
    { userId, type: 'identify', traits: { email: `${userId}@example.com` } },
    {
      userId,
      event: 'Order Completed',
      properties: { order_id: `order-${userId}`, total: 10, currency: 'EUR', products: [] },
    },
  ];
  const ask = async (path: string, body?: object): Promise<Response> =>
    fetch(serving.url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${test.config.secrets.apiKey}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const request = async (identifier: string): Promise<string> => {
    const response = await ask('/v1/erasures', { identifier });
    expect([identifier, response.status]).toEqual([identifier, 202]);
    return ((await response.json()) as ErasureDto).erasureId;
  };
  const erasure = async (id: string) => (await (await ask(`/v1/erasures/${id}`)).json()) as ErasureDto;
  const statusOf = async (identifier: string) => (await ask(`/v1/profiles/${identifier}`)).status;
  const removedBy = ({ stores }: ErasureDto, store: string) => stores.find((found) => found.store === store)?.removed;

  /** One round, in which the time that keys are cached passes at once; `waits` says how often that was waited for. */
  const eraseAll = async ({ onWait = () => Promise.resolve(), ...work }: RoundOptions = {}) => {
    let now = Date.now();
    const waits: number[] = [];
    const sleep: ErasureWork['sleep'] = async (ms) => {
      if (ms < 1_000) return pause(ms);
      waits.push(ms);
      now += ms;
      await onWait(waits.length);
    };
    const together = goingTogether(await openErasures(test.platform.postgres, 100));
    const platform = { ...test.platform, clock: () => now };
    const failures = await erase(platform, together, { signal: new AbortController().signal, sleep, ...work });
    return { erased: together.map(({ erasureId }) => erasureId), failures: [...failures.keys()], waits };
  };
  interface RoundOptions extends Partial<ErasureWork> {
    readonly onWait?: (time: number) => Promise<void>;
  }

  const rewrites = async (): Promise<number> => {
    const answer = await test.platform.clickhouse.query({
      query:
        "SELECT max(n) AS most FROM (SELECT count() AS n FROM system.mutations WHERE command LIKE '%DELETE%' GROUP BY table)",
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ most: string }>();
    return Number(row?.most);
  };

  it('waits once, rewrites once and certifies each, however many there are', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `c-${i}`);
    await send(names.flatMap(customer));
    const bob = await (await ask('/v1/profiles/bob')).json();
    const ids = await Promise.all(names.map(request));
    expect(new Set(ids).size).toBe(25);
    const before = await rewrites();

    const { erased, failures, waits } = await eraseAll();

    expect([[...erased].sort(), failures]).toEqual([[...ids].sort(), []]);
    expect(waits).toEqual([expect.any(Number)]);
    expect((await rewrites()) - before).toBe(1);
    const all = await Promise.all(ids.map(erasure));
    expect(new Set(all.map(({ status, completedAt }) => `${status} ${completedAt}`)).size).toBe(1);
    for (const one of all) {
      expect(one.certificate).toMatch(/^ey/);
      expect(one.stores.filter(({ left }) => left !== 0)).toEqual([]);
      const removed = ['profiles', 'orders'].map((table) => removedBy(one, `postgresql profile.${table}`));
      expect(removed).toEqual([1, 1]);
      expect(removedBy(one, 'clickhouse recorded_touchpoints')).toBe(2);
      expect(removedBy(one, 'event log touchpoints')).toBe(2);
      expect(removedBy(one, 'event log keys of the person')).toBeGreaterThan(0);
      expect(removedBy(one, 'postgresql pages of profile.orders')).toBe(1);
    }
    for (const name of names) expect(await statusOf(name)).toBe(404);
    expect(await (await ask('/v1/profiles/bob')).json()).toEqual(bob);
    expect(await intake()).toEqual({ resolved: 2, erased: 50 });
  }, 120_000);

  it('waits once more for somebody who went on sending, and no more than that', async () => {
    await send(['d-0', 'd-1'].flatMap(customer));
    const ids = await Promise.all(['d-0', 'd-1'].map(request));
    const { failures, waits } = await eraseAll({
      onWait: async (time) => {
        if (time === 1) await send([{ userId: 'd-1', event: 'Still here' }]);
      },
    });
    expect([failures, waits.length]).toEqual([[], 2]);
    for (const id of ids) expect((await erasure(id)).status).toBe('completed');
    expect((await erasure(ids[1] ?? '')).stores.filter(({ left }) => left !== 0)).toEqual([]);
  }, 120_000);

  it('goes on without the one that fails, which is tried again with the next ones', async () => {
    // Nothing that is requested over the API names a subject of another workspace: its keys are refused.
    const [foreign] = await appendTouchpoints(test.platform, [{ userId: 'guest', workspaceId: 'other' }]);
    const broken = randomUUID();
    await registerErasure(test.platform.postgres, {
      workspaceId: 'default',
      erasureId: broken,
      profileIds: [randomUUID()],
      subjectIds: [foreign?.subjectId ?? ''],
      identifierHashes: [],
      requestedBy: 'a test',
      requestedAt: 0,
    });
    await send(customer('e'));
    const id = await request('e');

    expect(await eraseAll()).toMatchObject({ erased: [broken, id], failures: [broken] });

    expect([(await erasure(id)).status, await statusOf('e')]).toEqual(['completed', 404]);
    expect((await erasure(broken)).status).toBe('requested');
    await test.platform.postgres.query("UPDATE privacy.erasures SET subject_ids = '{}' WHERE erasure_id = $1", [
      broken,
    ]);
    expect(await eraseAll()).toMatchObject({ erased: [broken], failures: [] });
    expect((await erasure(broken)).status).toBe('completed');
  }, 120_000);

  it('begins anew where it was stopped with several on their way, and counts what was there once', async () => {
    const names = ['f-0', 'f-1', 'f-2'];
    await send(names.flatMap(customer));
    const ids = await Promise.all(names.map(request));
    const before = (await intake()) ?? { resolved: 0, erased: 0 };
    const stop = new AbortController();
    const stopped = eraseAll({
      signal: stop.signal,
      onWait: () => Promise.resolve(stop.abort(new Error('stopped while keys are waited for'))),
    });
    await expect(stopped).rejects.toThrow('stopped while keys are waited for');
    expect(await Promise.all(ids.map(async (id) => (await erasure(id)).step))).toEqual(
      ids.map(() => 'waiting for cached keys to expire'),
    );
    expect((await eraseAll()).failures).toEqual([]);
    for (const one of await Promise.all(ids.map(erasure))) {
      expect(one.status).toBe('completed');
      expect(removedBy(one, 'postgresql profile.orders')).toBe(1);
      expect(removedBy(one, 'clickhouse recorded_touchpoints')).toBe(2);
      expect(removedBy(one, 'event log touchpoints')).toBe(2);
    }
    expect(await intake()).toEqual({ resolved: before.resolved - 6, erased: before.erased + 6 });
  }, 120_000);

  it('erases two people as one where they were merged, and one by one where a link comes too late', async () => {
    const visitor = (anonymousId: string, email = `${anonymousId}@example.com`): TouchpointToAppend => ({
      anonymousId,
      type: 'identify',
      traits: { email },
    });
    await send(['g-0', 'g-1', 'h-0', 'h-1'].map((name) => visitor(name)));
    await send([visitor('g-0', 'g-1@example.com')]);
    const [one, same, ...apart] = [
      await request('g-0'),
      await request('g-1'),
      await request('h-0'),
      await request('h-1'),
    ];
    expect(same).toBe(one);
    await send([visitor('h-0', 'h-1@example.com')]);

    expect(await eraseAll()).toMatchObject({ erased: [one, ...apart], failures: [] });

    expect(removedBy(await erasure(one), 'clickhouse recorded_touchpoints')).toBe(3);
    for (const id of apart) expect((await erasure(id)).stores.filter(({ left }) => left !== 0)).toEqual([]);
    for (const name of ['g-0', 'g-1', 'h-0', 'h-1', 'h-1@example.com']) expect(await statusOf(name)).toBe(404);
  }, 120_000);

  it("leaves to others what came with the person and is theirs, or everybody's", async () => {
    await send([
      { anonymousId: 'laptop', event: 'Before she logged in' },
      { userId: 'ada', anonymousId: 'laptop', type: 'identify', traits: { email: 'ada@example.com' } },
      { anonymousId: 'anonymous', event: 'By anybody' },
      // The device is hers: this link is refused. The other value is blocked.
      { userId: 'eve', anonymousId: 'laptop', event: 'On her laptop', timestamp: 1_700_000_060_000 },
      { userId: 'eve', anonymousId: 'anonymous', event: 'On no device', timestamp: 1_700_000_070_000 },
    ]);
    const touchpointsOf = async (identifier: string) =>
      (await ask(`/v1/profiles/${identifier}/touchpoints?content=true`)).json();
    const before = [await (await ask('/v1/profiles/ada')).json(), await touchpointsOf('ada')];
    const id = await request('eve');
    const { rows } = await test.platform.postgres.query<{ subject_ids: string[] }>(
      'SELECT subject_ids FROM privacy.erasures WHERE erasure_id = $1',
      [id],
    );
    const subjectOf = (type: string, value: string) => test.platform.vault.hash('default', type, value);
    expect(rows[0]?.subject_ids).toContain(subjectOf('userId', 'eve'));
    expect(rows[0]?.subject_ids).not.toContain(subjectOf('anonymousId', 'laptop'));
    expect(rows[0]?.subject_ids).not.toContain(subjectOf('anonymousId', 'anonymous'));

    expect(await eraseAll()).toMatchObject({ erased: [id], failures: [] });

    expect([await statusOf('eve'), await statusOf('ada')]).toEqual([404, 200]);
    expect([await (await ask('/v1/profiles/ada')).json(), await touchpointsOf('ada')]).toEqual(before);
  }, 120_000);

  it('erases who was asked for twice at the same moment twice, and counts them once', async () => {
    await send(customer('k'));
    const [first, second] = [await request('k'), randomUUID()];
    const { postgres } = test.platform;
    await postgres.query(
      `INSERT INTO privacy.erasures (erasure_id, workspace_id, profile_ids, subject_ids, identifier_hashes, requested_by, requested_at)
       SELECT $2, workspace_id, profile_ids, subject_ids, identifier_hashes, requested_by, requested_at + interval '1 ms'
       FROM privacy.erasures WHERE erasure_id = $1`,
      [first, second],
    );
    const before = (await intake()) ?? { resolved: 0, erased: 0 };
    expect(await eraseAll()).toMatchObject({ erased: [first], failures: [] });
    expect(await eraseAll()).toMatchObject({ erased: [second], failures: [] });
    const both = [await erasure(first), await erasure(second)];
    expect(both.map((each) => [each.status, removedBy(each, 'postgresql profile.orders')])).toEqual([
      ['completed', 1],
      ['completed', 0],
    ]);
    expect(await intake()).toEqual({ resolved: before.resolved - 2, erased: before.erased + 2 });
    expect(await eraseAll()).toMatchObject({ erased: [], waits: [] });
  }, 120_000);

  /** Touchpoints of those who stay, and of everybody who was erased. */
  const intake = async () => {
    const { rows } = await test.platform.postgres.query<{ resolved: number; erased: number }>(
      "SELECT sum(resolved)::int AS resolved, sum(erased)::int AS erased FROM resolve.intake WHERE workspace_id = 'default'",
    );
    return rows[0];
  };
});
