import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inTransaction } from '@rapport/profile-db';
import { ApiKeys, completeErasure, createPreferenceTokens, registerErasure, type ApiScope } from '@rapport/runtime';
import { AnalyzeModule } from '@rapport/service-analyze';
import { CollectModule } from '@rapport/service-collect';
import { OutboxModule } from '@rapport/service-deliver';
import { profileConsumer } from '@rapport/service-profile';
import { QueryModule, SchemaRegistryModule } from '@rapport/service-query';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  eventually,
  eventsOf,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
} from '@rapport/testing';

/** In everything that the shop knows of its people, and in nothing that a caller sends. */
const canary = 'Canary of the shop';
const writeKey = 'write-key-of-the-shop';

interface Operation {
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

let definitionsDir: string;
let test: TestPlatform;
let serving: Serving;
let url: string;
let routes: readonly Route[];
let profileOfShop: string;
/** An erasure and a suggested duplicate, which are asked for by an id of their own. */
const erasureOfShop = randomUUID();
const suggestionOfShop = randomUUID();
const keyOf: Record<string, string> = {};

beforeAll(async () => {
  definitionsDir = mkdtempSync(path.join(tmpdir(), 'rapport-isolation-'));
  cpSync('deploy/definitions', definitionsDir, { recursive: true });
  mkdirSync(path.join(definitionsDir, 'sources'), { recursive: true });
  writeFileSync(
    path.join(definitionsDir, 'sources', 'shop.yaml'),
    `workspace: shop\nname: Shop\ntimeZone: UTC\ncurrency: EUR\nsources:\n  - { id: web, name: Web, kind: mixed, writeKeys: [${writeKey}] }\n`,
  );
  test = await startTestPlatform({ environment: { RAPPORT_DEFINITIONS_DIR: definitionsDir } });
  await test.startClickHouse();
  const { platform } = test;
  const services = [CollectModule, QueryModule, SchemaRegistryModule, OutboxModule, AnalyzeModule];
  serving = await startServing(platform, services, [resolveConsumer(platform), await profileConsumer(platform)]);
  url = serving.url;
  await makeKeys();
  await collectShop();
  await decideInShop();
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  routes = Object.entries(document.paths).flatMap(([route, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ method: method.toUpperCase(), path: route, operation })),
  );
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
  rmSync(definitionsDir, { recursive: true });
});

async function makeKeys(): Promise<void> {
  const { eventLog, codec, clock, config } = test.platform;
  const keys = new ApiKeys({ eventLog, codec, clock, installationKey: config.secrets.apiKey });
  const make = async (workspaceId: string, name: string, scopes: readonly ApiScope[]) => {
    keyOf[name] = (await keys.create({ workspaceId, name, scopes, expiresAt: null })).key;
  };
  await make('default', 'own', ['admin']);
  await make('shop', 'shop', ['admin']);
  await make('default', 'sql', ['read-sql']);
  await make('default', 'profile', ['read-profile']);
}

/** Somebody of the shop, with the canary wherever a caller may put text. */
async function collectShop(): Promise<void> {
  const about = { userId: 'eve', anonymousId: 'eve-laptop', context: { page: { title: canary } } };
  const batch = [
    {
      ...about,
      type: 'identify',
      traits: { name: canary, email: 'eve@example.com', plan: canary, phone: '+493012345' },
    },
    { ...about, type: 'group', groupId: 'acme', traits: { name: canary } },
    { ...about, type: 'track', event: 'Order Completed', properties: { order_id: 'o1', total: 5, note: canary } },
    { ...about, type: 'track', event: 'Consent Withdrawn', properties: { purpose: 'marketing', channel: 'email' } },
    { ...about, type: 'track', event: 'Owner Assigned', properties: { owner_id: canary } },
  ].map((event, i) => ({ ...event, messageId: `shop-${i}` }));
  const headers = { 'x-write-key': writeKey, 'content-type': 'application/json' };
  const sent = await fetch(`${url}/v1/batch`, { method: 'POST', headers, body: JSON.stringify({ batch }) });
  expect(await sent.json()).toEqual({ success: true });
  await eventually(async () => {
    const seen = await call({ method: 'GET', path: '/v1/profiles/eve' }, keyOf['shop']);
    expect(seen.text).toContain(canary);
    profileOfShop = (JSON.parse(seen.text) as { profileId: string }).profileId;
  });
}

async function decideInShop(): Promise<void> {
  const { postgres, clock } = test.platform;
  const about = { erasureId: erasureOfShop, workspaceId: 'shop' };
  const whom = { profileIds: [randomUUID()], subjectIds: [], identifierHashes: [], requestedBy: 'spec' };
  // At once, so that the eraser finds nothing to do.
  await inTransaction(postgres, async (tx) => {
    await registerErasure(tx, { ...about, ...whom, requestedAt: clock() });
    await completeErasure(tx, { ...about, cuts: {}, certificate: canary, completedAt: clock() });
  });
  await postgres.query(
    `INSERT INTO duplicates.suggestions (suggestion_id, workspace_id, lower_id, higher_id, probability, evidence, found_at)
     VALUES ($1, 'shop', $2, gen_random_uuid(), 0.9, '[]', now())`,
    [suggestionOfShop, profileOfShop],
  );
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

async function call({ method, path: at, body }: Call, key: string | undefined) {
  const response = await fetch(url + at, {
    method,
    redirect: 'manual',
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Everything that a caller could name of somebody in the other workspace. */
const namesOfShop = () => ['eve', 'eve@example.com', profileOfShop, 'acme', erasureOfShop, suggestionOfShop];

/** A route with each name of the other workspace in all of its places, and once with nothing but what it must have. */
function callsOf({ method, path: route, operation }: Route): readonly Call[] {
  const inQuery = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const hasPlaces = route.includes('{') || inQuery.length > 0 || method !== 'GET';
  const callNaming = (name: string, asked: typeof inQuery): Call => {
    const at = route.replaceAll(/\{\w+\}/g, encodeURIComponent(name));
    const said = asked.map((parameter): [string, string] => [parameter.name, queryValue(parameter.name, name)]);
    const query = new URLSearchParams(said);
    return { method, path: `${at}?${query}`, ...(method === 'GET' ? {} : { body: bodyNaming(name) }) };
  };
  const bare = callNaming(
    'eve',
    inQuery.filter(({ required = false }) => required),
  );
  return hasPlaces ? [bare, ...namesOfShop().map((name) => callNaming(name, inQuery))] : [bare];
}

function queryValue(parameter: string, name: string): string {
  if (/limit|days/i.test(parameter)) return '20';
  if (/content|history|withContent/i.test(parameter)) return 'true';
  if (/from|to|asOf|period|timestamp/i.test(parameter)) return '2026-01-01';
  return name;
}

function bodyNaming(name: string): object {
  return {
    ...{ workspaceId: 'shop', workspace: 'shop', identifier: name, userId: name, type: 'email', value: name },
    ...{
      reason: 'probe',
      traits: { probe: 'x' },
      event: 'Probe',
      purpose: 'marketing',
      status: 'granted',
      ownerId: 'x',
    },
  };
}

describe('a key of one workspace', () => {
  it('reads nothing of another one, on any route, with whatever it names', async () => {
    expect(routes.length).toBeGreaterThan(25);
    let answered = 0;
    for (const route of routes.filter(({ path: at }) => !at.startsWith('/schema-registry'))) {
      for (const one of callsOf(route)) {
        const { status, text } = await call(one, keyOf['own']);
        if (status < 300) answered += 1;
        expect({ ...one, leaks: text.includes(canary) || text.includes('493012345') }).toEqual({
          ...one,
          leaks: false,
        });
      }
    }
    // Or nothing was asked of anything.
    expect(answered).toBeGreaterThan(20);
  }, 600_000);

  it('writes nothing into another one, on any route', async () => {
    const records = [
      ...(await eventsOf(test.platform, 'touchpoints', 'touchpoint')),
      ...(await eventsOf(test.platform, 'suppressions', 'suppression-recorded')),
    ];
    const ofShop = records.filter(({ value }) => value.workspaceId === 'shop');
    expect(ofShop).toHaveLength(5);
    const decisions = await eventsOf(test.platform, 'identity-decisions', 'identity-decided');
    expect(decisions.filter(({ value }) => value.workspaceId === 'shop')).toEqual([]);
    expect(await eventsOf(test.platform, 'erasures', 'erasure-requested')).toEqual([]);
    const { text } = await call({ method: 'GET', path: '/v1/profiles/eve' }, keyOf['shop']);
    expect(text).toContain(canary);
    expect(text).not.toContain('probe');
    const erasure = await call({ method: 'GET', path: `/v1/erasures/${erasureOfShop}` }, keyOf['shop']);
    expect(erasure.text).toContain(canary);
  });

  it('opens no page of a person with a link of its own that names somebody else’s profile', async () => {
    const tokens = createPreferenceTokens(test.config.secrets.hashKey);
    const link = {
      workspaceId: 'default',
      profileId: profileOfShop,
      purpose: 'marketing',
      channel: 'email',
      deliveryId: 'd',
    };
    const token = await tokens.sign(link, Date.now());
    for (const page of ['preferences', 'unsubscribe']) {
      expect(await call({ method: 'GET', path: `/${page}/${token}` }, undefined)).toMatchObject({ status: 404 });
    }
  });
});

describe('every route', () => {
  /** Open to anybody: they hold nothing of anybody, or have a credential of their own (write key, signed link). */
  const isOpen = ({ path: route }: Route): boolean =>
    /^\/(health|metrics|openapi|schema-registry|preferences\/|unsubscribe\/)/.test(route);
  const isCollector = ({ operation, path: route }: Route): boolean =>
    !route.startsWith('/v1/profiles') && JSON.stringify(operation).includes('writeKey');

  it('asks for a credential', async () => {
    for (const route of routes.filter((one) => !isOpen(one))) {
      const at = route.path.replaceAll(/\{\w+\}/g, 'eve');
      // A proxy's header, so that the outbox does not take this for somebody on the machine.
      const response = await fetch(url + at, {
        method: route.method,
        headers: { 'x-forwarded-for': '203.0.113.9', 'content-type': 'application/json' },
        ...(route.method === 'GET' || route.method === 'HEAD' ? {} : { body: '{"userId":"x","event":"y","batch":[]}' }),
      });
      if (isCollector(route)) expect([200, 204, 400, 401]).toContain(response.status);
      else expect({ route: `${route.method} ${route.path}`, status: response.status }).toMatchObject({ status: 401 });
    }
  });

  it('about a whole workspace is for those who may ask it in SQL, and not for who may read people', async () => {
    const wide = routes.filter(({ method, path: route, operation }) => {
      const tags = operation.tags ?? [];
      return (
        method === 'GET' && route.startsWith('/v1/') && (tags.includes('analytics') || tags.includes('operations'))
      );
    });
    expect(wide.map(({ path: route }) => route)).toEqual(
      expect.arrayContaining(['/v1/scorecard', '/v1/attribution', '/v1/experiments', '/v1/accounting', '/v1/quality']),
    );
    for (const route of wide) {
      const at = route.path.replaceAll(/\{\w+\}/g, 'any');
      const [reader, analyst] = await Promise.all(
        ['profile', 'sql'].map((key) => call({ method: 'GET', path: at }, keyOf[key])),
      );
      expect([at, reader?.status, analyst?.status === 403]).toEqual([at, 403, false]);
    }
  });

  it.each([
    ['sql', 'GET', '/v1/profiles/eve', 403],
    ['profile', 'POST', '/v1/profiles/eve/consents', 403],
    ['profile', 'GET', '/v1/suppressions', 403],
    ['profile', 'GET', '/v1/accounting', 403],
    ['sql', 'GET', '/v1/accounting', 200],
    ['profile', 'GET', '/v1/profiles/eve', 404],
    ['shop', 'GET', '/v1/profiles/eve', 200],
  ])('lets a key do what its scopes say: %s %s %s answers %i', async (key, method, at, status) => {
    expect((await call({ method, path: at }, keyOf[key])).status).toBe(status);
  });
});
