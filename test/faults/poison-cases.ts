import { gzipSync } from 'node:zlib';

/** When a poison event says it happened, unless its time is the poison. */
export const eventTime = '2024-05-01T10:00:00.000Z';

/** An event of a batch as JSON text; `id` is its messageId and its userId. */
export type EventText = (id: string) => string;

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const identify =
  (values: string): EventText =>
  (id) =>
    `{"type":"identify","messageId":"${id}","userId":"${id}","timestamp":"${eventTime}","traits":${values},"properties":${values}}`;

/** Values that every store can hold in some form: what is sent, and what stands in each of them afterwards. */
export const values: readonly (readonly [name: string, sent: string, stored: string, flags: readonly string[]])[] = [
  ['NUL in a text', '{"a":"x\\u0000y"}', '{"a":"x\uFFFDy"}', ['text-mended']],
  ['NUL in a key', '{"x\\u0000y":1}', '{"x\uFFFDy":1}', ['text-mended']],
  ['a lone high surrogate', '{"a":"\\ud800"}', '{"a":"\uFFFD"}', ['text-mended']],
  ['a lone low surrogate', '{"a":"x\\udc00"}', '{"a":"x\uFFFD"}', ['text-mended']],
  ['a lone surrogate in a key', '{"\\ud800":1}', '{"\uFFFD":1}', ['text-mended']],
  ['a whole pair of surrogates', '{"a":"\\ud83d\\ude00"}', '{"a":"\u{1F600}"}', []],
  ['2^53 - 1', '{"a":9007199254740991}', '{"a":9007199254740991}', []],
  ['2^53', '{"a":9007199254740992}', '{"a":"9007199254740992"}', ['number-as-text']],
  ['-2^53', '{"a":-9007199254740992}', '{"a":"-9007199254740992"}', ['number-as-text']],
  ['12345678901234567890', '{"a":12345678901234567890}', '{"a":"12345678901234567890"}', ['number-as-text']],
  ['1e30', '{"a":1e30}', '{"a":"1e30"}', ['number-as-text']],
  ['1e400', '{"a":1e400}', '{"a":"1e400"}', ['number-as-text']],
  ['-1e400 in a list', '{"a":[-1e400]}', '{"a":["-1e400"]}', ['number-as-text']],
  ['1e-400', '{"a":1e-400}', '{"a":0}', []],
  ['a repeated key', '{"a":1,"a":2}', '{"a":2}', []],
  ['a dotted beside a nested key', '{"a.b":1,"a":{"b":2}}', '{"a.b":1,"a":{"b":2}}', []],
  ['__proto__', '{"__proto__":{"polluted":1},"a":1}', '{"a":1}', []],
  ['__proto__ in escapes', '{"a":{"\\u005f_proto__":{"polluted":1}}}', '{"a":{}}', []],
  ['constructor.prototype', '{"constructor":{"prototype":{"polluted":1}},"a":1}', '{"a":1}', []],
  ['names of an object’s own methods', '{"constructor":"x","toString":1}', '{"constructor":"x","toString":1}', []],
  ['64 levels of nesting', `{"a":${nested(62)}}`, `{"a":${nested(62)}}`, []],
];
export const valueEvent = identify;

const dated =
  (times: string): EventText =>
  (id) =>
    `{"type":"identify","messageId":"${id}","userId":"${id}","traits":{"kept":true},${times}}`;

/** Times that cannot be: the event is stored at the time it was received, with the flag. */
export const times: readonly (readonly [name: string, event: EventText, flag: string])[] = [
  ['year 0', dated('"timestamp":"0000-01-01T00:00:00.000Z"'), 'timestamp-ancient'],
  ['year 1000', dated('"timestamp":"1000-01-01T00:00:00.000Z"'), 'timestamp-ancient'],
  ['the beginning of Unix time', dated('"timestamp":"1970-01-01T00:00:00.000Z"'), 'timestamp-ancient'],
  ['the earliest time there is', dated('"timestamp":"-271821-04-20T00:00:00.000Z"'), 'timestamp-ancient'],
  ['year 2107, which DateTime cannot hold', dated('"timestamp":"2107-01-01T00:00:00.000Z"'), 'timestamp-future'],
  ['year 9999', dated('"timestamp":"9999-12-31T00:00:00.000Z"'), 'timestamp-future'],
  ['year 275760', dated('"timestamp":"+275760-09-13T00:00:00.000Z"'), 'timestamp-future'],
  ['the millisecond after the last', dated('"timestamp":"+275760-09-13T00:00:00.001Z"'), 'timestamp-invalid'],
  ['a number beyond every time', dated('"timestamp":9e15'), 'timestamp-invalid'],
  ['a text that is no time', dated('"timestamp":"the day before"'), 'timestamp-invalid'],
  ['a list', dated('"timestamp":[]'), 'timestamp-invalid'],
  [
    'a sender’s clock in year 275760',
    dated(`"timestamp":"${eventTime}","sentAt":"+275760-09-13T00:00:00.000Z"`),
    'timestamp-ancient',
  ],
];

/** Money that is none, or more than any column holds: an order of nothing, and never NaN. */
export const totals: readonly (readonly [name: string, total: string])[] = [
  ['1e400', '1e400'],
  ['1e308', '1e308'],
  ['12345678901234567890', '12345678901234567890'],
  ['NaN', '"NaN"'],
  ['Infinity', '"Infinity"'],
  ['1,000.00', '"1,000.00"'],
  ['a text with NUL', '"5\\u0000"'],
  ['an object', '{"value":5}'],
];
export const orderEvent =
  (total: string): EventText =>
  (id) =>
    `{"type":"track","event":"Order Completed","messageId":"${id}","userId":"${id}","timestamp":"${eventTime}","properties":{"order_id":"${id}","currency":"EUR","total":${total}}}`;

/** Identifiers that are taken in some form: the userId as sent, and the one by which the person is found. */
export const identifiers: readonly (readonly [name: string, sent: string, found: string])[] = [
  ['NUL', '"poison\\u0000person"', 'poison\uFFFDperson'],
  ['a lone surrogate', '"half \\udfff a person"', 'half \uFFFD a person'],
  ['a number', '4711', '4711'],
  ['a number beyond 2^53', '98765432109876543210', '98765432109876543210'],
  ['__proto__', '"__proto__"', '__proto__'],
  ['SQL', `"'; DROP TABLE profile.profiles; --"`, "'; DROP TABLE profile.profiles; --"],
];
export const identifierEvent =
  (userId: string): EventText =>
  (id) =>
    `{"type":"identify","messageId":"${id}","userId":${userId},"timestamp":"${eventTime}","traits":{"by":"${id}"}}`;

const sized =
  (bytes: number): EventText =>
  (id) => {
    const frame = identify('{}')(id).replace('"properties":{}', '"properties":{"note":""}');
    return frame.replace('"note":""', `"note":"${'x'.repeat(bytes - frame.length)}"`);
  };
export const largest = sized(32_768);

/** Events that cannot be taken: kept whole with the reason, while the rest of their batch is stored. */
export const refused: readonly (readonly [name: string, event: EventText, reason: string])[] = [
  ['a number', () => '42', 'not-an-object'],
  ['null', () => 'null', 'not-an-object'],
  ['a list', () => '[[]]', 'not-an-object'],
  ['an unknown type', (id) => `{"type":"purchase","messageId":"${id}","userId":"u"}`, 'unknown-type'],
  ['a type that is no text', (id) => `{"type":{},"messageId":"${id}","userId":"u"}`, 'unknown-type'],
  ['no id', (id) => `{"type":"identify","messageId":"${id}","traits":{}}`, 'missing-identifier'],
  ['an empty id', (id) => `{"type":"identify","messageId":"${id}","userId":" "}`, 'missing-identifier'],
  ['an object as id', (id) => `{"type":"identify","messageId":"${id}","userId":{"a":1e400}}`, 'invalid-identifier'],
  ['no event name', (id) => `{"type":"track","messageId":"${id}","userId":"u"}`, 'missing-event'],
  ['no groupId', (id) => `{"type":"group","messageId":"${id}","userId":"u"}`, 'missing-group'],
  ['traits as text', (id) => `{"type":"identify","messageId":"${id}","userId":"u","traits":"t"}`, 'wrong-type'],
  ['properties as list', (id) => `{"type":"identify","messageId":"${id}","userId":"u","properties":[1]}`, 'wrong-type'],
  ['an object as messageId', () => '{"type":"identify","messageId":{},"userId":"u"}', 'invalid-message-id'],
  ['32,769 bytes', sized(32_769), 'too-large'],
  ...[65, 1_200, 5_000, 100_000].map(
    (levels) => [`${levels} levels of nesting`, identify(`{"a":${nested(levels - 2)}}`), 'too-deep'] as const,
  ),
];

export interface BrokenRequest {
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Absent where nothing is kept. */
  readonly reason?: string;
  /** How often it is sent at once. */
  readonly times?: number;
}

const good = '{"batch":[{"type":"track","event":"E","userId":"u"}]}';
const gzip = { 'content-encoding': 'gzip' };
const text = (body: string, status: number, reason?: string): BrokenRequest => ({
  body: Buffer.from(body),
  status,
  ...(reason === undefined ? {} : { reason }),
});

/** Whole requests that cannot be taken apart; batches before and after them are stored. */
export const broken: readonly (readonly [name: string, request: BrokenRequest])[] = [
  ['no bytes at all', text('', 400)],
  ['half of a JSON text', text('{"half":', 400, 'malformed-json')],
  ['a NUL byte', text('\u0000', 400, 'malformed-json')],
  ['two JSON texts', text(`${good}${good}`, 400, 'malformed-json')],
  ['UTF-16', { body: Buffer.from(good, 'utf16le'), status: 400, reason: 'malformed-json' }],
  ['UTF-16 with its mark', { body: Buffer.from(`\uFEFF${good}`, 'utf16le'), status: 400, reason: 'malformed-json' }],
  ['bytes that are no UTF-8', { body: Buffer.from([0xff, 0xc0, 0x80]), status: 400, reason: 'malformed-json' }],
  ['a megabyte of no JSON', text(`{"note":"${'x'.repeat(1_200_000)}"`, 400, 'malformed-json')],
  ['a list', text('[]', 200, 'not-an-object')],
  ['a text as batch', text('{"batch":"x"}', 200, 'invalid-batch')],
  ['100,000 levels of nesting', text(nested(100_000), 200, 'not-an-object')],
  ['a cut gzip', { body: gzipSync(good).subarray(0, 30), headers: gzip, status: 400, reason: 'malformed-encoding' }],
  [
    'an unknown encoding',
    { body: Buffer.from('x'), headers: { 'content-encoding': 'lzma' }, status: 400, reason: 'malformed-encoding' },
  ],
  [
    'gzip bombs, thirty at once',
    { body: gzipSync(Buffer.alloc(50 * 1024 * 1024)), headers: gzip, status: 413, reason: 'too-large', times: 30 },
  ],
  ['more than 4 MB', { body: Buffer.alloc(4 * 1024 * 1024 + 1, ' '), status: 413 }],
];
