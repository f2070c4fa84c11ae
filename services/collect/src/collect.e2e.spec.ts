import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { CollectFixture, writeKey } from './testing/collect-fixture.js';

const now = Date.parse('2026-11-20T12:00:00.000Z');
const track = {
  type: 'track',
  messageId: 'm-1',
  userId: 'u-1',
  event: 'Order Completed',
  properties: { order_id: 'o-1', total: 9.5 },
};

@Controller('echo')
class EchoController {
  @Post()
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

describe('the collector', () => {
  let fixture: CollectFixture;

  beforeEach(async () => {
    fixture = await CollectFixture.start({ clock: () => now, besides: [EchoModule] });
  });
  afterEach(() => fixture.stop());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fixture.post(path, typeof body === 'string' ? body : JSON.stringify(body), headers);

  const received = async () => (await fixture.touchpoints()).map(({ type, content }) => [type, content?.userId]);

  it('answers 200 and has the touchpoint on the log, sealed, with all four times', async () => {
    const response = await post('/v1/track', {
      ...track,
      timestamp: '2026-11-20T11:00:30.000Z',
      sentAt: '2026-11-20T12:00:30.000Z',
    });
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect(await fixture.touchpoints()).toEqual([
      {
        workspaceId: 'default',
        sourceId: 'default',
        messageId: 'm-1',
        type: 'track',
        event: 'Order Completed',
        subjectId: fixture.platform.vault.hash('default', 'userId', 'u-1'),
        keyId: expect.any(String),
        timestamp: Date.parse('2026-11-20T11:00:00.000Z'),
        originalTimestamp: Date.parse('2026-11-20T11:00:30.000Z'),
        sentAt: Date.parse('2026-11-20T12:00:30.000Z'),
        receivedAt: now,
        flags: [],
        imported: false,
        content: { userId: 'u-1', properties: { order_id: 'o-1', total: 9.5 } },
      },
    ]);
    expect(await fixture.rejections()).toEqual([]);
  });

  it('flags the event of a batch whose text was not UTF-8, and no other', async () => {
    const timestamp = '2026-11-20T11:00:00.000Z';
    const [before = '', after = ''] = JSON.stringify({
      batch: [
        { ...track, timestamp, messageId: 'broken', event: 'Moved', properties: { city: 'M|nster' } },
        { ...track, timestamp, messageId: 'whole', event: 'Moved', properties: { city: 'Münster' } },
      ],
    }).split('|');
    // Latin-1, as an old client sends it.
    const body = Buffer.concat([Buffer.from(before), Buffer.from([0xfc]), Buffer.from(after)]);
    const response = await fixture.post('/v1/batch', body);
    expect(response.status).toBe(200);
    const touchpoints = await fixture.touchpoints();
    const read = new Map(touchpoints.map(({ messageId, flags, content }) => [messageId, [flags, content?.properties]]));
    expect(read.get('broken')).toEqual([['text-mended'], { city: 'M\uFFFDnster' }]);
    expect(read.get('whole')).toEqual([[], { city: 'Münster' }]);
  });

  it.each([
    ['/v1/track', 'track'],
    ['/v1/t/', 'track'],
    ['/v1/identify/', 'identify'],
    ['/v1/i', 'identify'],
    ['/v1/page', 'page'],
    ['/v1/p', 'page'],
    ['/v1/screen', 'screen'],
    ['/v1/s', 'screen'],
    ['/v1/group', 'group'],
    ['/v1/g', 'group'],
    ['/v1/alias', 'alias'],
    ['/v1/a', 'alias'],
    ['/api/s/page', 'page'],
    ['/api/s/s2s/track/', 'track'],
    ['/api/s/event', 'identify'],
  ])('takes one event at %s', async (path, type) => {
    const message = { type: 'identify', userId: 'u', previousId: 'p', groupId: 'g', event: 'E' };
    const response = await fetch(fixture.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'x-write-key': `${writeKey}:secret` },
      body: JSON.stringify({ ...message, writeKey: '***' }),
    });
    expect(response.status).toBe(200);
    expect(await received()).toEqual([[type, 'u']]);
  });

  it.each(['/v1/batch', '/v1/b', '/v1/batch/', '/v1/import', '/beacon/v1/batch'])(
    'takes a batch at %s',
    async (path) => {
      const batch = [track, { type: 'identify', userId: 'u-2' }];
      expect((await post(path, { batch })).status).toBe(200);
      expect((await received()).sort()).toEqual([
        ['identify', 'u-2'],
        ['track', 'u-1'],
      ]);
      expect((await fixture.touchpoints()).map(({ imported }) => imported)).toEqual(
        Array(2).fill(path === '/v1/import'),
      );
    },
  );

  it.each([
    ['application/json', {}],
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['multipart/form-data', {}],
    ['???', {}],
    ['', {}],
  ])('reads JSON whatever the content type says: %p', async (contentType) => {
    expect((await post('/v1/track', track, { 'content-type': contentType })).status).toBe(200);
    expect(await received()).toEqual([['track', 'u-1']]);
  });

  it.each([
    ['gzip', gzipSync(JSON.stringify(track))],
    ['br', brotliCompressSync(JSON.stringify(track))],
    ['deflate', deflateSync(JSON.stringify(track))],
    ['deflate', deflateRawSync(JSON.stringify(track))],
    ['gzip', Buffer.concat([gzipSync('{"type":"track","messageId":"m",'), gzipSync('"userId":"u-1","event":"E"}')])],
    ['identity', Buffer.from(JSON.stringify(track))],
    ['gzip', Buffer.from(JSON.stringify(track))],
    ['', gzipSync(JSON.stringify(track))],
  ])('undoes the encoding %p: %#', async (encoding, body) => {
    const headers = { 'content-encoding': encoding, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fixture.post('/v1/track', Uint8Array.from(body), headers)).status).toBe(200);
    expect(await received()).toEqual([['track', 'u-1']]);
  });

  it('takes what mobile SDKs send: gzip in chunks as text, the key in the body only', async () => {
    const body = new Blob([Uint8Array.from(gzipSync(JSON.stringify({ batch: [track], writeKey })))]).stream();
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    const init = { method: 'POST', body, headers, duplex: 'half' } as unknown as RequestInit;
    const response = await fetch(`${fixture.url}/v1/b`, init);
    expect(response.status).toBe(200);
    expect(await received()).toEqual([['track', 'u-1']]);
  });

  describe('asks who sends', () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const send = (headers: Record<string, string>, path = '/v1/track', body: object = track) =>
      fetch(fixture.url + path, { method: 'POST', headers, body: JSON.stringify(body) });

    it.each([
      ['X-Write-Key', { 'x-write-key': writeKey }, '/v1/track', track],
      ['Basic with a colon', basic(`${writeKey}:`), '/v1/track', track],
      ['Basic without a colon', basic(writeKey), '/v1/track', track],
      ['Basic with a password', basic(`${writeKey}:whatever`), '/v1/track', track],
      ['the query', {}, `/v1/track?writeKey=${writeKey}`, track],
      ['the body', {}, '/v1/track', { ...track, writeKey }],
      ['the body, beside a bearer token', { authorization: 'Bearer t' }, '/v1/track', { ...track, writeKey }],
      ['the body of a batch', {}, '/v1/batch', { batch: [track], writeKey }],
    ])('by %s', async (_name, headers: Record<string, string>, path, body) => {
      expect((await send(headers, path, body)).status).toBe(200);
      expect(await received()).toEqual([['track', 'u-1']]);
    });

    it.each([
      ['no key', {}],
      ['an unknown key', { 'x-write-key': 'unknown-write-key' }],
      ['a part of a key', { 'x-write-key': writeKey.slice(0, -1) }],
    ])('and takes nothing with %s', async (_name, headers: Record<string, string>) => {
      const response = await send(headers);
      expect([response.status, await response.json()]).toMatchObject([401, { reason: 'unknown-write-key' }]);
      expect(await received()).toEqual([]);
      expect(await fixture.rejections()).toEqual([]);
    });
  });

  it('lets browsers of any origin send, with every header their SDKs use', async () => {
    const preflight = await fetch(`${fixture.url}/v1/t`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
    expect(preflight.headers.get('access-control-max-age')).toBe('86400');
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-write-key', 'x-retry-count']));
    const response = await post('/v1/t', track, { origin: 'https://shop.example' });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After');
  });

  it('answers a pixel with an image and records the event', async () => {
    const fields = `writeKey=${writeKey}&anonymousId=a-1&event=Mail+Opened&properties.campaign.id=7&__proto__.x=1`;
    const data = Buffer.from(JSON.stringify({ ...track, writeKey })).toString('base64');
    for (const path of [`/pixel/v1/track?${fields}`, `/v1/pixel/track?data=${encodeURIComponent(data)}`]) {
      const response = await fetch(fixture.url + path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/gif']);
      expect(
        Buffer.from(await response.arrayBuffer())
          .subarray(0, 6)
          .toString(),
      ).toBe('GIF89a');
    }
    const contents = (await fixture.touchpoints()).map(({ event, content }) => [event, content?.properties]);
    expect(contents.sort()).toEqual([
      ['Mail Opened', { campaign: { id: '7' } }],
      ['Order Completed', { order_id: 'o-1', total: 9.5 }],
    ]);
  });

  it('gives SDKs the settings they start with, and takes their metrics', async () => {
    for (const path of [`/v1/projects/${writeKey}/settings`, `/projects/${writeKey}/settings/`]) {
      const settings = await (await fetch(fixture.url + path)).json();
      const host = new URL(fixture.url).host;
      expect(settings).toMatchObject({
        integrations: { 'Segment.io': { apiKey: writeKey, apiHost: `${host}/v1`, protocol: 'http' } },
      });
    }
    expect((await fetch(`${fixture.url}/v1/projects/unknown-key/settings`)).status).toBe(404);
    const config = await (await fetch(`${fixture.url}/sourceConfig/?p=npm&writeKey=${writeKey}`)).json();
    expect(config).toMatchObject({ source: { id: 'default', enabled: true, writeKey, destinations: [] } });
    expect((await fetch(`${fixture.url}/v1/m`, { method: 'POST', body: '{"series":[]}' })).status).toBe(200);
    expect(await received()).toEqual([]);
  });

  it('keeps an event that breaks the tracking plan, and says which rule', async () => {
    await post('/v1/track', { ...track, properties: { total: 'much' } });
    expect((await fixture.touchpoints()).map(({ flags }) => flags)).toEqual([
      ['timestamp-missing', 'violation:order_id:required', 'violation:total:type'],
    ]);
    expect(await fixture.rejections()).toEqual([]);
  });

  it('describes every path it takes events on, and no preflight, in /openapi.json', async () => {
    const { paths } = (await (await fetch(`${fixture.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/track', '/v1/b', '/v1/import', '/beacon/v1/batch', '/api/s/{type}', '/echo']),
    );
    expect(Object.keys(paths['/v1/track'] ?? {})).toEqual(['post']);
    expect(paths['/pixel/v1/{type}']).toMatchObject({
      get: {
        parameters: [
          { name: 'type', in: 'path' },
          { name: 'data', in: 'query' },
        ],
      },
    });
  });

  it('counts what it received as accepted and rejected, by source and reason, on /metrics', async () => {
    await post('/v1/batch', { batch: [track, { ...track, userId: null }, 7] });
    await post('/v1/track', track, { authorization: 'Basic unknown' });
    const metrics = await (await fetch(`${fixture.url}/metrics`)).text();
    const source = 'workspace="default",source="default"';
    expect(metrics).toContain(`rapport_collect_accepted_total{${source}} 1`);
    expect(metrics).toContain(`rapport_collect_rejected_total{${source},reason="missing-identifier"} 1`);
    expect(metrics).toContain(`rapport_collect_rejected_total{${source},reason="not-an-object"} 1`);
    expect(metrics).toContain('rapport_collect_refused_requests_total{status="401"} 1');
    expect(metrics).toContain('rapport_collect_in_flight_requests 0');
    expect(metrics).not.toContain('u-1');
  });

  it('leaves the JSON parser of other modules alone', async () => {
    const response = await post('/echo', { a: [1] }, { 'content-type': 'application/json' });
    expect(await response.json()).toEqual({ a: [1] });
    expect((await post('/echo', 'a=1', { 'content-type': 'text/x-unknown' })).status).toBe(415);
  });
});
