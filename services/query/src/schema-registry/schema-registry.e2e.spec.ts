import { SchemaRegistry as RegistryClient, SchemaType } from '@kafkajs/confluent-schema-registry';
import { createEventCodec } from '@rapport/event-log';
import { topics, type Touchpoint } from '@rapport/events';
import { loadConfig, startApp, type RunningApp } from '@rapport/runtime';
import { consentRecorded, freePort, temporaryFolder } from '@rapport/testing';
import { SchemaRegistryModule } from '../index.js';

const touchpoint: Touchpoint = {
  workspaceId: 'shop',
  sourceId: 'web',
  messageId: 'm-1',
  type: 'track',
  event: 'Order Completed',
  subjectId: 'hash',
  keyId: 'key',
  timestamp: 1_290_000_000_000,
  originalTimestamp: null,
  sentAt: 1_290_000_000_001,
  receivedAt: 1_290_000_000_002,
  flags: ['timestamp-missing'],
  imported: false,
  content: Buffer.from('sealed'),
};

const mediaType = 'application/vnd.schemaregistry.v1+json';
const folder = temporaryFolder();
let app: RunningApp;
let codec: ReturnType<typeof createEventCodec>;
let client: RegistryClient;

beforeAll(async () => {
  const config = loadConfig({
    RAPPORT_DATA_DIR: folder.path,
    RAPPORT_HTTP_PORT: String(await freePort()),
    RAPPORT_LOG_LEVEL: 'silent',
  });
  app = await startApp({ name: 'registry', services: [SchemaRegistryModule], config, usesPostgres: false });
  codec = createEventCodec({ schemasDir: config.schemasDir });
  client = new RegistryClient({ host: `${app.url}/schema-registry` });
});

afterAll(async () => {
  await app.stop();
  folder.remove();
});

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${app.url}/schema-registry${path}`, { headers: { accept: mediaType } });
  expect(response.headers.get('content-type')).toContain(mediaType);
  return response.json();
}

async function post(path: string, body: unknown, contentType = mediaType): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${app.url}/schema-registry${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe('the Confluent client of kafkajs, unmodified', () => {
  it('decodes what our codec wrote', async () => {
    expect(await client.decode(codec.encode('touchpoint', touchpoint))).toEqual(touchpoint);
  });

  it('writes what our codec reads', async () => {
    const consent = consentRecorded({ workspaceId: 'shop', profileId: 'p-1', status: 'granted' });
    const id = await client.getLatestSchemaId('consents-rapport.ConsentRecorded');

    expect(codec.decode(await client.encode(id, consent))).toEqual({ name: 'consent-recorded', value: consent });
  });

  it('finds the id of a schema it has', async () => {
    const { schema } = (await get('/schemas/ids/1')) as { schema: string };

    const id = await client.getRegistryIdBySchema('touchpoints-value', { type: SchemaType.AVRO, schema });

    expect(id).toBe(1);
  });

  it('decodes one record of every event on every topic', async () => {
    const subjects = (await get('/subjects')) as string[];
    const events = Object.values(topics).flatMap(({ events: names }) => names);

    const ids = new Set(await Promise.all(subjects.map((subject) => client.getLatestSchemaId(subject))));

    expect(ids.size).toBe(events.length);
  });
});

describe('GET', () => {
  it('lists a subject per topic and record, and an alias where a topic carries one event', async () => {
    const subjects = await get('/subjects');

    expect(subjects).toEqual(expect.arrayContaining(['touchpoints-rapport.Touchpoint', 'touchpoints-value']));
    expect(subjects).toContain('identities-rapport.ProfilesMerged');
    expect(subjects).not.toContain('identities-value');
    expect(await get('/subjects?subjectPrefix=time')).toEqual(['timers-rapport.TimerFired', 'timers-value']);
  });

  it('answers versions by number and by name', async () => {
    expect(await get('/subjects/touchpoints-value/versions')).toEqual([1]);
    const latest = await get('/subjects/touchpoints-value/versions/latest');
    expect(latest).toMatchObject({ subject: 'touchpoints-value', version: 1, id: 1 });
    expect(await get('/subjects/touchpoints-value/versions/1')).toEqual(latest);
    expect(await get('/subjects/touchpoints-value/versions/-1')).toEqual(latest);
  });

  it('answers a schema bare, by version and by id', async () => {
    expect(await get('/subjects/timers-value/versions/1/schema')).toMatchObject({ name: 'TimerFired' });
    expect(await get('/schemas/ids/14/schema')).toMatchObject({ name: 'TimerFired' });
    expect(await get('/schemas/ids/14?fetchMaxId=true')).toMatchObject({ maxId: expect.any(Number) });
  });

  it('says who uses an id', async () => {
    expect(await get('/schemas/ids/14/subjects')).toEqual(['timers-rapport.TimerFired', 'timers-value']);
    expect(await get('/schemas/ids/14/versions')).toEqual([
      { subject: 'timers-rapport.TimerFired', version: 1 },
      { subject: 'timers-value', version: 1 },
    ]);
  });

  it('describes itself', async () => {
    expect(await get('')).toEqual({});
    expect(await get('/schemas/types')).toEqual(['AVRO']);
    expect(await get('/config')).toEqual({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });
    expect(await get('/config/timers-value')).toEqual({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });
    expect(await get('/mode')).toEqual({ mode: 'READONLY' });
    expect(await get('/schemas?subjectPrefix=timers-value&latestOnly=true')).toHaveLength(1);
  });

  it.each([
    ['/subjects/none/versions', 404, 40401],
    ['/subjects/touchpoints-value/versions/9', 404, 40402],
    ['/subjects/touchpoints-value/versions/0', 422, 42202],
    ['/subjects/touchpoints-value/versions/newest', 422, 42202],
    ['/schemas/ids/4711', 404, 40403],
    ['/schemas/ids/x', 404, 40403],
    ['/config/none', 404, 40401],
  ])('answers %s with %d and the code %d', async (path, status, code) => {
    const response = await fetch(`${app.url}/schema-registry${path}`);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain(mediaType);
    expect(await response.json()).toEqual({ error_code: code, message: expect.any(String) });
  });
});

describe('POST', () => {
  const standing = async () => ((await get('/schemas/ids/14')) as { schema: string }).schema;
  const changed = async (change: (fields: unknown[]) => unknown[]) => {
    const schema = JSON.parse(await standing()) as { fields: unknown[] };
    return JSON.stringify({ ...schema, fields: change(schema.fields) });
  };

  it.each([mediaType, 'application/json'])('finds a schema, however it is written (%s)', async (contentType) => {
    const { doc: _doc, ...schema } = JSON.parse(await standing()) as Record<string, unknown>;

    const answer = await post('/subjects/timers-value', { schema: JSON.stringify(schema, null, 2) }, contentType);

    expect(answer).toMatchObject({ status: 200, body: { subject: 'timers-value', id: 14, version: 1 } });
  });

  it('answers the id of what stands already, and registers nothing', async () => {
    const schema = await changed((fields) => fields.slice(1));

    expect(await post('/subjects/timers-value/versions', { schema: await standing() })).toEqual({
      status: 200,
      body: { id: 14 },
    });
    expect(await post('/subjects/timers-value/versions', { schema })).toMatchObject({
      status: 422,
      body: { error_code: 42205 },
    });
    expect(await get('/subjects/timers-value/versions')).toEqual([1]);
  });

  it('tells a compatible next version from one that is not, and why', async () => {
    const path = '/compatibility/subjects/timers-value/versions';
    const added = await changed((fields) => [...fields, { name: 'x', type: 'int', default: 0 }]);
    const broken = await changed((fields) => [...fields, { name: 'x', type: 'int' }]);

    expect((await post(path, { schema: added })).body).toEqual({ is_compatible: true });
    expect((await post(`${path}/latest`, { schema: broken })).body).toEqual({ is_compatible: false });
    expect((await post(`${path}?verbose=true`, { schema: broken })).body).toEqual({
      is_compatible: false,
      messages: [expect.stringContaining('version 1')],
    });
  });

  it.each([
    ['no schema', {}, 42201],
    ['no Avro', { schema: '{"type":"nothing"}' }, 42201],
    ['no JSON', { schema: '{' }, 42201],
    ['Protobuf', { schema: 'message X {}', schemaType: 'PROTOBUF' }, 42201],
    ['too much', { schema: ' '.repeat(300_000) }, 42209],
    ['a schema nested beyond measure', { schema: '['.repeat(100_000) + ']'.repeat(100_000) }, 42201],
  ])('refuses %s', async (_name, body, code) => {
    expect(await post('/subjects/timers-value', body)).toMatchObject({ status: 422, body: { error_code: code } });
  });

  it('refuses a schema that stands nowhere, and a subject that is none', async () => {
    expect(await post('/subjects/timers-value', { schema: '"string"' })).toMatchObject({ body: { error_code: 40403 } });
    expect(await post('/subjects/none', { schema: '"string"' })).toMatchObject({ body: { error_code: 40401 } });
  });
});
