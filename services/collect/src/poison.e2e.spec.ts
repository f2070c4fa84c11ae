import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { CollectFixture, writeKey } from './testing/collect-fixture.js';

const now = Date.parse('2026-11-20T12:00:00.000Z');
const later = '2026-11-20T11:00:00.000Z';
const good = `{"type":"track","messageId":"good","userId":"u","event":"E","timestamp":"${later}"}`;

describe('poison at the collector’s edge', () => {
  let fixture: CollectFixture;

  beforeAll(async () => {
    fixture = await CollectFixture.start({ clock: () => now });
  });
  afterAll(() => fixture.stop());

  let count = 0;
  const newId = (): string => `m-${count++}`;

  /** Sends one event between two good ones and tells what of the three is on the log. */
  const sendAmongGood = async (event: (messageId: string) => string) => {
    const [first, id, last] = [newId(), newId(), newId()];
    const [before, after] = [first, last].map((messageId) => good.replace('"good"', `"${messageId}"`));
    const seen = new Set((await fixture.rejections()).map(({ rejectionId }) => rejectionId));
    const response = await fixture.post('/v1/batch', `{"batch":[${before},${event(id)},${after}]}`);
    const touchpoints = await fixture.touchpoints();
    const rejections = await fixture.rejections();
    expect(response.status).toBe(200);
    expect(touchpoints.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining([first, last]));
    const stored = touchpoints.find(({ messageId }) => messageId === id);
    const rejected = rejections.find(({ rejectionId }) => !seen.has(rejectionId));
    return { stored, rejected: stored === undefined ? rejected : undefined };
  };

  const withProperties = (properties: string) => (messageId: string) =>
    `{"type":"track","messageId":"${messageId}","userId":"u","event":"E","timestamp":"${later}","properties":${properties}}`;
  const withTimestamp = (timestamp: string) => (messageId: string) =>
    `{"type":"track","messageId":"${messageId}","userId":"u","event":"E","timestamp":"${timestamp}"}`;

  it.each([
    ['NUL in a text', '{"a":"x\\u0000y"}', { a: 'x\uFFFDy' }, ['text-mended']],
    ['a lone surrogate', '{"a":"\\ud800"}', { a: '\uFFFD' }, ['text-mended']],
    ['1e400', '{"a":1e400}', { a: '1e400' }, ['number-as-text']],
    ['12345678901234567890', '{"a":12345678901234567890}', { a: '12345678901234567890' }, ['number-as-text']],
    ['2^53 - 1', '{"a":9007199254740991}', { a: 9007199254740991 }, []],
    ['2^53', '{"a":9007199254740992}', { a: '9007199254740992' }, ['number-as-text']],
    ['a repeated key', '{"a":1,"a":2}', { a: 2 }, []],
    ['a dotted beside a nested key', '{"a.b":1,"a":{"b":2}}', { 'a.b': 1, a: { b: 2 } }, []],
    ['__proto__', '{"__proto__":{"polluted":1},"a":1}', { a: 1 }, []],
    ['constructor.prototype', '{"constructor":{"prototype":{"polluted":1}},"a":1}', { a: 1 }, []],
  ])('keeps an event with %s', async (_name, properties, expected, flags) => {
    const { stored } = await sendAmongGood(withProperties(properties));
    expect(stored).toMatchObject({ content: { properties: expected }, flags });
    expect(Object.keys(stored?.content?.properties ?? {})).toEqual(Object.keys(expected));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['9999-12-31T00:00:00.000Z', 'timestamp-future'],
    ['+275760-09-13T00:00:00.000Z', 'timestamp-future'],
    ['0000-01-01T00:00:00.000Z', 'timestamp-ancient'],
    ['1000-01-01T00:00:00.000Z', 'timestamp-ancient'],
    ['the day before', 'timestamp-invalid'],
  ])('keeps an event dated %s, at the time it was received', async (timestamp, flag) => {
    const { stored } = await sendAmongGood(withTimestamp(timestamp));
    expect(stored).toMatchObject({ timestamp: now, receivedAt: now, flags: [flag] });
    expect(stored?.originalTimestamp).toBe(flag === 'timestamp-invalid' ? null : Date.parse(timestamp));
  });

  it.each([65, 1_200, 5_000, 100_000])('rejects an event nested %d levels deep, whole', async (levels) => {
    const event = withProperties(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    const { rejected } = await sendAmongGood(event);
    const body = event(rejected?.messageId ?? '');
    expect(rejected).toMatchObject({ reason: 'too-deep', detail: expect.stringContaining('64') });
    expect(rejected?.body).toBe(body);
  });

  it.each([
    ['not-an-object', () => '42'],
    ['not-an-object', () => 'null'],
    ['unknown-type', (id: string) => `{"type":"purchase","messageId":"${id}","userId":"u"}`],
    ['missing-identifier', (id: string) => `{"type":"track","messageId":"${id}","event":"E", "userId":null}`],
    ['invalid-identifier', (id: string) => `{"type":"track","messageId":"${id}","event":"E","userId":{"a":1e400}}`],
    ['wrong-type', (id: string) => `{"type":"track","messageId":"${id}","event":"E","userId":"u","properties":"p"}`],
  ])('rejects %s with the very characters that were sent', async (reason, event) => {
    const { rejected } = await sendAmongGood(event);
    expect(rejected?.reason).toBe(reason);
    expect(rejected?.body).toBe(event(rejected?.messageId ?? ''));
    expect(rejected).toMatchObject({ workspaceId: 'default', sourceId: 'default', receivedAt: now });
  });

  it('rejects an event of 32,769 bytes and keeps one of 32,768', async () => {
    const sized = (bytes: number) => (messageId: string) => {
      const frame = withProperties('{"note":""}')(messageId);
      return frame.replace('"note":""', `"note":"${'x'.repeat(bytes - frame.length)}"`);
    };
    expect((await sendAmongGood(sized(32_768))).stored).toBeDefined();
    expect((await sendAmongGood(sized(32_769))).rejected).toMatchObject({ reason: 'too-large' });
  });

  it('tells the sender which events were rejected, and why', async () => {
    const response = await fixture.post('/v1/batch', `{"batch":[${good.replace('"good"', `"${newId()}"`)},{}]}`);
    expect(await response.json()).toEqual({
      success: true,
      rejectedCount: 1,
      rejectedByReason: { 'unknown-type': 1 },
      rejected: [{ index: 1, reason: 'unknown-type', detail: expect.stringContaining('identify') }],
    });
  });
});

describe('a request that cannot be taken as it is', () => {
  let fixture: CollectFixture;

  beforeEach(async () => {
    fixture = await CollectFixture.start({ clock: () => now });
  });
  afterEach(() => fixture.stop());

  it.each([
    ['', 0],
    ['{"type":"track"', 1],
    ['\u0000', 1],
    ['undefined', 1],
    ['{"a":1}{"b":2}', 1],
  ])('because it is no JSON (%j) is answered 400 and kept', async (body, kept) => {
    const response = await fixture.post('/v1/track', body);
    expect([response.status, await response.json()]).toMatchObject([400, { reason: 'malformed-json' }]);
    const rejections = await fixture.rejections();
    expect(rejections.map((one) => [one.reason, one.body])).toEqual(Array(kept).fill(['malformed-json', body]));
  });

  it('because it is UTF-16 is answered 400', async () => {
    const body = Uint8Array.from(Buffer.from(good, 'utf16le'));
    expect((await fixture.post('/v1/track', body)).status).toBe(400);
    expect(await fixture.touchpoints()).toEqual([]);
  });

  it.each(['[]', '42', '{"batch":"x"}', '{}'])('because it is no batch (%s) is answered 200 and kept', async (body) => {
    expect((await fixture.post('/v1/batch', body)).status).toBe(200);
    expect((await fixture.rejections()).map((one) => one.body)).toEqual([body]);
  });

  it.each([
    ['gzip', gzipSync(good).subarray(0, 40)],
    ['gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), randomBytes(50)])],
    ['br', Buffer.from('not brotli')],
    ['lzma', Buffer.from('whatever')],
  ])('because it does not decompress (%s) is answered 400 and kept', async (encoding, body) => {
    const response = await fixture.post('/v1/track', Uint8Array.from(body), { 'content-encoding': encoding });
    expect(response.status).toBe(400);
    expect((await fixture.rejections()).map(({ reason }) => reason)).toEqual(['malformed-encoding']);
  });

  it('because it is a bomb is cut off, a hundred at once too, and the collector goes on', async () => {
    const bomb = Uint8Array.from(gzipSync(Buffer.alloc(50 * 1024 * 1024)));
    const send = () => fixture.post('/v1/batch', bomb, { 'content-encoding': 'gzip' });
    const memory = process.memoryUsage().rss;
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await send()).status));
    expect(new Set(statuses)).toEqual(new Set([413]));
    expect(process.memoryUsage().rss - memory).toBeLessThan(200 * 1024 * 1024);
    expect(await fixture.rejections()).toHaveLength(100);
    expect((await fixture.post('/v1/track', good)).status).toBe(200);
    expect(await fixture.touchpoints()).toHaveLength(1);
  });

  it('because it is larger than 4 MB is answered 413, and one just below is taken', async () => {
    const sized = (bytes: number) => {
      const empty = `{"batch":[${good}],"pad":""}`;
      return empty.replace('"pad":""', `"pad":"${'x'.repeat(bytes - empty.length)}"`);
    };
    expect((await fixture.post('/v1/batch', sized(4 * 1024 * 1024 + 1))).status).toBe(413);
    expect(await fixture.touchpoints()).toEqual([]);
    expect((await fixture.post('/v1/batch', sized(4 * 1024 * 1024))).status).toBe(200);
    expect(await fixture.touchpoints()).toHaveLength(1);
  });

  it('because it is larger than 4 MB is answered before it is sent whole, and its sender can go on', async () => {
    const { hostname, port } = new URL(fixture.url);
    const socket = connect(Number(port), hostname);
    const answers = createInterface(socket)[Symbol.asyncIterator]();
    const statusOfNext = async (): Promise<string> => {
      for (;;) {
        const { value, done } = await answers.next();
        if (done) throw new Error('the connection was closed');
        // No line ends behind an answer's body: the next answer begins on the same one.
        const [, status] = /HTTP\/1.1 (\d+)/.exec(value) ?? [];
        if (status !== undefined) return status;
      }
    };
    const head = (bytes: number) =>
      `POST /v1/track HTTP/1.1\r\nhost: collect\r\nx-write-key: ${writeKey}\r\ncontent-length: ${bytes}\r\n\r\n`;
    const tooLarge = Buffer.alloc(5 * 1024 * 1024, ' ');
    try {
      socket.write(head(tooLarge.length));
      expect(await statusOfNext()).toBe('413');
      socket.write(tooLarge);
      socket.write(head(good.length) + good);
      expect(await statusOfNext()).toBe('200');
    } finally {
      socket.destroy();
    }
    expect(await fixture.touchpoints()).toHaveLength(1);
  });

  it('because its batch is too long has its first 2,500 events taken and the rest kept one by one', async () => {
    const event = (index: number): string => good.replace('"good"', `"m-${index}"`);
    const batch = Array.from({ length: 2_502 }, (_, index) => event(index));
    expect((await fixture.post('/v1/batch', `{"batch":[${batch.join(',')}]}`)).status).toBe(200);
    expect(await fixture.touchpoints()).toHaveLength(2_500);
    const rejections = await fixture.rejections();
    expect(rejections.map((one) => [one.reason, one.body]).sort()).toEqual([
      ['batch-too-long', event(2_500)],
      ['batch-too-long', event(2_501)],
    ]);
  });

  it('because it is a flood of tiny events is kept without filling the log', async () => {
    expect((await fixture.post('/v1/batch', `{"batch":[${Array(100_000).fill('0').join(',')}]}`)).status).toBe(200);
    const rejections = await fixture.rejections();
    expect(rejections).toHaveLength(10_001);
    expect(rejections.filter(({ body }) => body !== '0').map(({ body }) => body)).toEqual([
      `[${Array(90_000).fill('0').join(',')}]`,
    ]);
  });

  it('and is too large for one record is kept in parts', async () => {
    const body = `{"note":"${'x'.repeat(1_200_000)}"`;
    expect((await fixture.post('/v1/track', body)).status).toBe(400);
    const parts = (await fixture.rejections()).sort((a, b) => a.rejectionId.localeCompare(b.rejectionId));
    expect(parts.map(({ reason }) => reason)).toEqual(['malformed-json', 'continued', 'continued']);
    expect(parts.map((part) => part.body).join('')).toBe(body);
    expect(parts[1]?.detail).toBe(`part 2 of 3 of ${parts[0]?.rejectionId}`);
  });
});
