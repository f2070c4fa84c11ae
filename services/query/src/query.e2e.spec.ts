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
import { QueryModule } from './index.js';

let test: TestPlatform;
let serving: Serving;
let url: string;

const hour = Date.UTC(2024, 4, 1, 10);

beforeAll(async () => {
  test = await startTestPlatform();
  const { platform } = test;
  serving = await startServing(platform, [QueryModule], [resolveConsumer(platform), await profileConsumer(platform)]);
  url = serving.url;
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    headers: { authorization: `Bearer ${test.config.secrets.apiKey}`, ...headers },
  });
  const body = (await response.json()) as Record<string, unknown> & Record<string, unknown>[];
  return { status: response.status, type: response.headers.get('content-type') ?? '', body, response };
}

async function post(path: string, command: object) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${test.config.secrets.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type: response.headers.get('content-type') ?? '', body };
}

/** Waits until the view is this: so many touchpoints, and so many profiles that were merged. */
async function viewShows(touchpoints: number, mergedProfiles: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await test.platform.postgres.query(
      `SELECT sum(json_array_length(recent_touchpoints))::int AS touchpoints, count(survivor_id)::int AS merged
       FROM profile.profiles`,
    );
    expect(rows[0]).toEqual({ touchpoints, merged: mergedProfiles });
  });
}

describe('the query API', () => {
  beforeAll(async () => {
    const person = { timestamp: hour, receivedAt: hour + 1_000 };
    await appendTouchpoints(test.platform, [{ ...person, anonymousId: 'laptop', type: 'page', messageId: 'seen' }]);
    await viewShows(1, 0);
    await appendTouchpoints(test.platform, [
      { ...person, userId: 'ada', anonymousId: 'laptop', type: 'identify', traits: { email: 'Ada@Example.com' } },
      {
        ...person,
        userId: 'ada',
        event: 'Order Completed',
        messageId: 'bought',
        timestamp: hour + 500,
        properties: { order_id: '1', total: 19.99 },
      },
      { ...person, userId: 'ada', event: 'Order Refunded', properties: { order_id: '1', total: 9.99 } },
      { ...person, userId: 'ada', event: 'Order Completed', messageId: 'bought' },
      { ...person, workspaceId: 'other', userId: 'eve', type: 'identify', traits: { email: 'eve@example.com' } },
    ]);
    await viewShows(5, 1);
  });

  it('gives back what was collected about a person', async () => {
    const { status, body } = await get('/v1/profiles/ada');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      traits: { email: 'Ada@Example.com' },
      identifiers: { userId: ['ada'], anonymousId: ['laptop'] },
      firstSeenAt: '2024-05-01T10:00:00.000Z',
      lastSeenAt: '2024-05-01T10:00:00.500Z',
      orders: {
        count: 1,
        byCurrency: [{ currency: 'EUR', orders: 1, grossRevenue: '19.99', refunded: '9.99', revenue: '10.00' }],
      },
    });
    expect(body['recentTouchpoints']).toHaveLength(4);
  });

  it('finds one person by any identifier, also by the id of a profile that was merged', async () => {
    const { body } = await get('/v1/profiles/ada?type=userId');
    const { rows } = await test.platform.postgres.query<{ profile_id: string }>(
      'SELECT profile_id FROM profile.profiles WHERE survivor_id IS NOT NULL',
    );
    const merged = rows[0]?.profile_id ?? '';
    expect(merged).not.toBe(body['profileId']);
    for (const path of [
      `/v1/profiles/${body['profileId'] as unknown as string}`,
      `/v1/profiles/${merged}?type=profileId`,
      '/v1/profiles/laptop?type=anonymousId',
      '/v1/profiles/laptop/',
      '/v1/profiles/userId:ada',
      `/v1/profiles/${encodeURIComponent('email:ADA@example.com')}`,
      `/v1/profiles/${encodeURIComponent('ada@example.com')}`,
    ]) {
      const same = await get(path);
      expect([path, same.status, same.body['profileId']]).toEqual([path, 200, body['profileId']]);
    }
  });

  it('tells a person’s newest touchpoints, and on request what they said', async () => {
    const bare = await get('/v1/profiles/ada/touchpoints?limit=1');
    expect(bare.body).toEqual([
      {
        type: 'track',
        event: 'Order Completed',
        timestamp: '2024-05-01T10:00:00.500Z',
        receivedAt: '2024-05-01T10:00:01.000Z',
        position: { partition: expect.any(Number), offset: expect.any(Number) },
      },
    ]);
    const full = await get('/v1/profiles/ada/touchpoints?limit=1&content=true');
    expect(full.body[0]).toMatchObject({
      messageId: 'bought',
      sourceId: 'web',
      content: { userId: 'ada', properties: { order_id: '1', total: 19.99 } },
    });
  });

  it('accounts for every touchpoint received', async () => {
    const { body } = await get('/v1/accounting');
    expect(body).toEqual([
      {
        sourceId: 'web',
        receivedHour: '2024-05-01T10:00:00.000Z',
        received: 5,
        resolved: 4,
        duplicates: 1,
        conflicts: 1,
        erased: 0,
      },
    ]);
    expect((await get('/v1/accounting?from=2024-05-01T11:00:00Z')).body).toEqual([]);
  });

  it('records commands as touchpoints of the person, each id once', async () => {
    const command = { traits: { plan: 'pro' }, messageId: 'set-plan' };
    for (const _twice of [1, 2]) {
      const { status, body } = await post('/v1/profiles/laptop/traits?type=anonymousId', command);
      expect([status, body['messageId']]).toEqual([202, 'set-plan']);
    }
    const owner = await post('/v1/profiles/ada/owner', { ownerId: 'grace' });
    expect(owner.status).toBe(202);
    await eventually(async () => {
      const { body } = await get('/v1/profiles/ada');
      expect(body['traits']).toMatchObject({ plan: 'pro', email: 'Ada@Example.com' });
    });
    await eventually(async () => {
      const { body } = await get('/v1/profiles/ada/touchpoints?content=true');
      expect(body).toHaveLength(6);
      expect(body[0]).toMatchObject({
        event: 'Owner Assigned',
        sourceId: 'rapport-api',
        messageId: owner.body['messageId'],
        content: { userId: 'ada', properties: { owner_id: 'grace' } },
      });
    });
  });

  it.each([
    ['/v1/profiles/nobody/traits', { traits: { a: 1 } }, 404],
    ['/v1/profiles/ada/traits', { traits: {} }, 400],
    ['/v1/profiles/ada/traits', { traits: { a: 1 }, workspaceId: 'other' }, 400],
    ['/v1/profiles/ada/owner', {}, 400],
    ['/v1/profiles/ada/touchpoints', { event: '  ' }, 400],
  ])('refuses a command to %s of %j with %i', async (path, command, expected) => {
    const { status, type, body } = await post(path, command);
    expect([status, type]).toEqual([expected, expect.stringContaining('application/problem+json')]);
    expect(body['detail']).toEqual(expect.any(String));
  });

  it('shows nobody of another workspace', async () => {
    for (const identifier of ['eve', 'eve@example.com']) {
      expect((await get(`/v1/profiles/${encodeURIComponent(identifier)}`)).status).toBe(404);
    }
  });

  it.each([
    ['/v1/profiles/nobody', 404],
    ['/v1/profiles/ada?type=email', 404],
    ['/v1/profiles/%00', 404],
    ['/v1/profiles/00000000-0000-0000-0000-000000000000', 404],
    ["/v1/profiles/'%20OR%201=1--", 404],
    ['/v1/profiles/ada?type=phone', 404],
    [`/v1/profiles/${encodeURIComponent('ü'.repeat(1_024))}`, 404],
    [`/v1/identities/userId:${'x'.repeat(1_024)}/preview?with=external:crm:${'x'.repeat(1_024)}`, 404],
    [`/v1/accounts/${'x'.repeat(1_024)}`, 404],
    ['/v1/profiles/ada?type=shoe', 400],
    ['/v1/profiles/ada?color=red', 400],
    ['/v1/profiles/ada/touchpoints?limit=0', 400],
    ['/v1/profiles/ada/touchpoints?limit=many', 400],
    ['/v1/accounting?from=yesterday', 400],
  ])('answers %s with %i, as a problem', async (path, expected) => {
    const { status, type, body } = await get(path);
    expect([status, type]).toEqual([expected, expect.stringContaining('application/problem+json')]);
    expect(body).toMatchObject({ type: 'about:blank', status: expected, detail: expect.any(String) });
  });

  it.each([undefined, 'Bearer wrong', 'Basic YTpi'])(
    'lets in nobody without the API key: %s',
    async (authorization) => {
      const headers = authorization === undefined ? undefined : { authorization };
      for (const path of ['/v1/profiles/ada', '/v1/profiles/ada/touchpoints', '/v1/accounting']) {
        const response = await fetch(url + path, { headers });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer realm="rapport"');
        expect(response.headers.get('content-type')).toContain('application/problem+json');
      }
    },
  );

  it('describes itself', async () => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, { get: { responses: Record<string, unknown> } }>;
      components: { schemas: Record<string, unknown> };
    };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/profiles/{identifier}', '/v1/profiles/{identifier}/touchpoints', '/v1/accounting']),
    );
    expect(Object.keys(document.paths['/v1/profiles/{identifier}']?.get.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404']),
    );
    expect(document.components.schemas).toHaveProperty('ProfileDto.properties.orders');
  });

  it('describes the parameters that a path has, and asks for those alone that have to be given', async () => {
    type Parameter = { name: string; in: string; required?: boolean };
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters?: Parameter[] }>>;
    };
    const asked: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        expect([path, parameters.filter((one) => one.in === 'path').map(({ name }) => name)]).toEqual([path, inPath]);
        asked.push(...parameters.filter((one) => one.in === 'query' && one.required).map(({ name }) => name));
      }
    }
    expect([...new Set(asked)].sort()).toEqual(['period', 'with']);
  });
});
