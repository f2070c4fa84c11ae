import { createPreferenceTokens, withKeyWork } from '@rapport/runtime';
import { analyzeConsumer } from '@rapport/service-analyze';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendTouchpoints,
  eventually,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
} from '@rapport/testing';
import { QueryModule } from '../index.js';
import type { ErasureDto } from './erasure.dto.js';

let test: TestPlatform;
let serving: Serving;

/** Whoever wraps keys anew and the eraser keep out of each other's way: while this one is at it, nobody is erased. */
const keyWork = Promise.withResolvers<void>();
let keyWorkDone: Promise<unknown>;

const ada = { userId: 'ada', anonymousId: 'laptop', groupId: 'acme' };
const bob = { userId: 'bob', anonymousId: 'kiosk', groupId: 'acme' };

beforeAll(async () => {
  test = await startTestPlatform({ environment: { RAPPORT_KEY_CACHE_SECONDS: '60' } });
  await test.startClickHouse();
  const { platform } = test;
  const consumers = [resolveConsumer(platform), await profileConsumer(platform), await analyzeConsumer(platform)];
  serving = await startServing(platform, [QueryModule], consumers);
  await appendTouchpoints(platform, [
    { anonymousId: 'laptop', type: 'page' },
    { ...ada, type: 'identify', traits: { email: 'ada@example.com', name: 'Sam' } },
    { ...bob, type: 'identify', traits: { email: 'bob@example.com', name: 'Sam' } },
    { userId: 'twin', type: 'identify', traits: { name: 'Twin' } },
    { ...ada, type: 'group', traits: { name: 'Acme' } },
    { ...bob, type: 'group', traits: { name: 'Acme' } },
    // The device of both: a link that is refused.
    { userId: 'bob', anonymousId: 'laptop', type: 'page', timestamp: 1_700_000_060_000 },
  ]);
  await serving.caughtUp();
  const begun = Promise.withResolvers<void>();
  keyWorkDone = withKeyWork(platform.postgres, () => {
    begun.resolve();
    return keyWork.promise;
  });
  await begun.promise;
});
afterAll(async () => {
  keyWork.resolve();
  await keyWorkDone;
  await serving.stop();
  await test.stop();
});

const ask = <T>(path: string, body?: object) => serving.ask<T>(path, body);

interface People {
  readonly items: readonly { readonly profileId: string }[];
}
interface Account {
  readonly memberCount: number;
  readonly members: People;
}

const profileIdOf = async (userId: string): Promise<string> =>
  (await ask<{ profileId: string }>(`/v1/profiles/${userId}`)).body.profileId;
const idsIn = ({ items }: People): readonly string[] => items.map(({ profileId }) => profileId);
const named = async (name: string): Promise<readonly string[]> =>
  idsIn((await ask<People>(`/v1/profiles?trait=name&value=${name}`)).body);
const quarantined = async (): Promise<string> => JSON.stringify((await ask('/v1/identities')).body);

const routesOf = (identifier: string): readonly string[] => [
  `/v1/profiles/${identifier}`,
  `/v1/profiles/${identifier}?asOf=2100-01-01T00:00:00Z`,
  `/v1/profiles/${identifier}/touchpoints?content=true`,
  `/v1/profiles/${identifier}/timeline?content=true`,
  `/v1/profiles/${identifier}/next-question`,
  `/v1/profiles/${identifier}/consents?history=true`,
  `/v1/profiles/${identifier}/export`,
  `/v1/profiles/${identifier}/export.html`,
  `/v1/identities/${identifier}`,
  `/v1/identities/bob/preview?with=${identifier}`,
];
const statusesOf = async (identifier: string) =>
  Promise.all(routesOf(identifier).map(async (route) => [route, (await ask(route)).status]));
const all = (identifier: string, status: number) => routesOf(identifier).map((route) => [route, status]);

describe('a person whose erasure is recorded and not yet worked off', () => {
  it('is not there for anybody who asks, and everybody else is as before', async () => {
    const adaId = await profileIdOf('ada');
    const bobId = await profileIdOf('bob');
    const twinId = await profileIdOf('twin');
    const known = ['ada', 'laptop', 'ada@example.com', adaId];
    for (const identifier of known) expect(await statusesOf(identifier)).toEqual(all(identifier, 200));
    expect([...(await named('sam'))].sort()).toEqual([adaId, bobId].sort());
    expect((await ask<Account>('/v1/accounts/acme')).body).toMatchObject({ memberCount: 2 });
    expect(await quarantined()).toContain(adaId);
    const page = await preferencePageOf(adaId);
    expect((await ask(page)).status).toBe(200);
    const suggestion = await suggestDuplicate(adaId, twinId);
    const suggested = async () => JSON.stringify((await ask('/v1/duplicates')).body);
    expect(await suggested()).toContain(suggestion);
    const ofBob = await ask<object>('/v1/profiles/bob');

    const { status, body: erasure } = await ask<ErasureDto>('/v1/erasures', { identifier: 'ada' });
    expect([status, erasure.status, erasure.step]).toEqual([202, 'requested', 'waiting']);

    for (const identifier of known) expect(await statusesOf(identifier)).toEqual(all(identifier, 410));
    const { body: said } = await ask<{ detail: string }>('/v1/profiles/ada');
    expect(said.detail).toContain(
      `being erased, and nothing of them is given any more. The erasure is ${erasure.erasureId}.`,
    );
    expect(await named('sam')).toEqual([bobId]);
    const { body: account } = await ask<Account>('/v1/accounts/acme');
    expect([account.memberCount, idsIn(account.members)]).toEqual([1, [bobId]]);
    expect(await quarantined()).not.toContain(adaId);
    expect(JSON.stringify((await ask('/v1/identities/bob')).body)).not.toContain(adaId);
    expect((await ask(page)).status).toBe(404);
    expect(await suggested()).not.toContain(suggestion);

    expect((await ask('/v1/profiles/ada/traits', { traits: { plan: 'pro' } })).status).toBe(410);
    expect((await ask('/v1/identities/bob/links', { with: 'ada' })).status).toBe(410);
    expect((await ask(`/v1/duplicates/${suggestion}/accepted`, {})).status).toBe(404);
    expect(await ask<object>('/v1/profiles/bob')).toEqual(ofBob);

    const again = await ask<ErasureDto>('/v1/erasures', { identifier: 'laptop' });
    expect([again.status, again.body.erasureId]).toEqual([202, erasure.erasureId]);

    const entries = await test.platform.postgres.query(
      "SELECT target, details ->> 'outcome' AS outcome FROM audit.entries WHERE action = 'POST /v1/erasures'",
    );
    const asked = { target: erasure.erasureId, outcome: 'done' };
    expect(entries.rows).toEqual([asked, asked]);
    const { rows } = await test.platform.postgres.query('SELECT 1 FROM privacy.erasures');
    expect(rows).toHaveLength(1);
  });

  it('leaves an identifier that somebody else has too to them', async () => {
    await appendTouchpoints(test.platform, [
      { userId: 'both', type: 'identify', traits: { name: 'One' } },
      { anonymousId: 'both', type: 'identify', traits: { name: 'Other' } },
    ]);
    await serving.caughtUp();
    const nameOf = async () => (await ask<{ traits: { name: string } }>('/v1/profiles/both')).body.traits.name;
    expect(await nameOf()).toBe('One');

    const { body: erasure } = await ask<ErasureDto>('/v1/erasures', { identifier: 'both' });
    expect(await nameOf()).toBe('Other');
    expect((await ask('/v1/identities/both')).status).toBe(200);
    expect((await ask('/v1/profiles/both?type=userId')).status).toBe(410);
    // Who asks twice does not erase the other one.
    const again = await ask<ErasureDto>('/v1/erasures', { identifier: 'both' });
    expect(again.body.erasureId).toBe(erasure.erasureId);
  });

  it('is in no table any more while keys are still waited for, and is answered for as before', async () => {
    const adaId = await idBeingErased('ada');
    const bobId = await profileIdOf('bob');
    expect([await rowsOf(adaId), await rowsOf(bobId)]).toEqual([true, true]);

    keyWork.resolve();
    await eventually(async () => {
      const { body: erasure } = await ask<ErasureDto>('/v1/erasures', { identifier: 'ada' });
      expect(erasure.step).toBe('waiting for cached keys to expire');
    }, 60_000);

    expect([await rowsOf(adaId), await rowsOf(bobId)]).toEqual([false, true]);
    for (const identifier of ['ada', 'laptop', 'ada@example.com', adaId])
      expect(await statusesOf(identifier)).toEqual(all(identifier, 410));
    expect((await ask('/v1/profiles/bob')).status).toBe(200);
  }, 90_000);
});

async function idBeingErased(identifier: string): Promise<string> {
  const { body } = await ask<ErasureDto>('/v1/erasures', { identifier });
  const { rows } = await test.platform.postgres.query<{ id: string }>(
    'SELECT profile_ids[1] AS id FROM privacy.erasures WHERE erasure_id = $1',
    [body.erasureId],
  );
  return rows[0]?.id ?? '';
}

/** Whether PostgreSQL or ClickHouse has a row about the profile: what `state export` and analysts read. */
async function rowsOf(profileId: string): Promise<boolean> {
  const { postgres, clickhouse } = test.platform;
  const found = await Promise.all([
    postgres.query('SELECT FROM profile.profiles WHERE profile_id = $1', [profileId]).then(({ rows }) => rows.length),
    postgres
      .query('SELECT FROM resolve.identifiers WHERE profile_id = $1', [profileId])
      .then(({ rows }) => rows.length),
    ...(
      [
        ['recorded_touchpoints', 'lone_profile_id'],
        ['touchpoints_by_profile', 'lone_profile_id'],
        ['profile_activity', 'lone_profile_id'],
        ['identifiers', 'profile_id'],
      ] as const
    ).map(async ([table, column]) => {
      const query = `SELECT 1 FROM ${table} WHERE ${column} = {profileId:String}`;
      const answer = await clickhouse.query({ query, query_params: { profileId }, format: 'JSONEachRow' });
      return (await answer.json()).length;
    }),
  ]);
  return found.some((rows) => rows > 0);
}

async function preferencePageOf(profileId: string): Promise<string> {
  const link = { workspaceId: 'default', purpose: 'marketing', channel: 'email', deliveryId: 'd-1', profileId };
  return `/preferences/${await createPreferenceTokens(test.config.secrets.hashKey).sign(link, Date.now())}`;
}

async function suggestDuplicate(one: string, other: string): Promise<string> {
  const { rows } = await test.platform.postgres.query<{ id: string }>(
    `INSERT INTO duplicates.suggestions (suggestion_id, workspace_id, lower_id, higher_id, probability, evidence, found_at)
     VALUES (gen_random_uuid(), 'default', least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), 0.9, '[]', now())
     RETURNING suggestion_id::text AS id`,
    [one, other],
  );
  return rows[0]?.id ?? '';
}
