import { collectLimits, decodeMessage, parseJson, type Decoded, type RequestFacts } from '../index.js';

const receivedAt = Date.parse('2026-11-20T12:00:00.000Z');

const facts: RequestFacts = {
  receivedAt,
  sentAt: undefined,
  context: undefined,
  integrations: undefined,
  imported: false,
  ip: '203.0.113.7',
  newMessageId: () => 'assigned-1',
  mayNeedMending: true,
};

const decode = (message: unknown, overrides: Partial<RequestFacts> = {}, pathType?: string): Decoded =>
  decodeMessage(message, pathType, { ...facts, ...overrides });

const decodeText = (json: string): Decoded => {
  const parsed = parseJson(json);
  if (parsed === undefined) throw new Error('the sample is not JSON');
  return decode(parsed.value, { mayNeedMending: parsed.mayNeedMending });
};

const track = {
  type: 'track',
  messageId: 'm-1',
  userId: 'u-1',
  event: 'Order Completed',
  timestamp: '2026-11-20T11:00:00.000Z',
};

const nested = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));

describe('a message', () => {
  it('of each type is accepted with what belongs to it', () => {
    const times = { timestamp: receivedAt, originalTimestamp: null, sentAt: null, receivedAt };
    const rest = { messageId: 'm', ...times, flags: ['timestamp-missing'], imported: false };
    const identifier = { type: 'userId', value: 'u' };
    const message = { messageId: 'm', userId: 'u', anonymousId: null };
    expect(decode({ ...message, event: 'Signed Up', properties: { plan: 'x' } }, {}, 'track')).toEqual({
      accepted: {
        type: 'track',
        event: 'Signed Up',
        ...rest,
        identifier,
        content: { userId: 'u', properties: { plan: 'x' } },
      },
    });
    expect(decode({ ...message, type: 'identify', traits: { age: 7 } })).toEqual({
      accepted: { type: 'identify', event: null, ...rest, identifier, content: { userId: 'u', traits: { age: 7 } } },
    });
    expect(decode({ ...message, type: 'page', name: 'Home', category: 'Shop' })).toEqual({
      accepted: {
        type: 'page',
        event: null,
        ...rest,
        identifier,
        content: { userId: 'u', name: 'Home', category: 'Shop' },
      },
    });
    expect(decode({ ...message, type: 'screen', name: 'Home' })).toEqual({
      accepted: { type: 'screen', event: null, ...rest, identifier, content: { userId: 'u', name: 'Home' } },
    });
    expect(decode({ ...message, type: 'group', groupId: 9, traits: [] })).toEqual({
      accepted: { type: 'group', event: null, ...rest, identifier, content: { userId: 'u', groupId: '9', traits: {} } },
    });
    expect(decode({ ...message, type: 'Alias', previousId: 'a' })).toEqual({
      accepted: { type: 'alias', event: null, ...rest, identifier, content: { userId: 'u', previousId: 'a' } },
    });
  });

  it('is led by userId, else anonymousId; numbers become texts, blanks are no identifiers', () => {
    expect(decode({ ...track, userId: 42 })).toMatchObject({
      accepted: { identifier: { type: 'userId', value: '42' } },
    });
    expect(decode({ ...track, userId: ' ', anonymousId: 'a' })).toMatchObject({
      accepted: { identifier: { type: 'anonymousId', value: 'a' } },
    });
    expect(decode({ ...track, userId: 0 })).toMatchObject({ accepted: { identifier: { value: '0' } } });
  });

  it('without messageId gets one, with a flag', () => {
    expect(decode({ ...track, messageId: '' })).toMatchObject({
      accepted: { messageId: 'assigned-1', flags: ['message-id-assigned'] },
    });
    expect(decode({ ...track, messageId: 17 })).toMatchObject({ accepted: { messageId: '17', flags: [] } });
  });

  it('takes batch-level context and integrations, its own win', () => {
    const overrides = { context: { app: 'shop', locale: 'de' }, integrations: { All: true } };
    expect(decode({ ...track, context: { locale: 'fr' }, integrations: { All: false } }, overrides)).toMatchObject({
      accepted: { content: { context: { app: 'shop', locale: 'fr' }, integrations: { All: false } } },
    });
    expect(decode(track, { context: 'nonsense' })).toMatchObject({ accepted: { content: { userId: 'u-1' } } });
  });

  it('takes the sender’s address only where it asks for it', () => {
    expect(decode({ ...track, context: { direct: true } })).toMatchObject({
      accepted: { content: { context: { direct: true, ip: '203.0.113.7' } } },
    });
    expect(decode({ ...track, context: {} })).toEqual(
      expect.objectContaining({
        accepted: expect.objectContaining({ content: expect.objectContaining({ context: {} }) }),
      }),
    );
  });

  it('is history when the request or its context says so', () => {
    expect(decode(track)).toMatchObject({ accepted: { imported: false } });
    expect(decode(track, { imported: true })).toMatchObject({ accepted: { imported: true } });
    expect(decode({ ...track, context: { imported: true } })).toMatchObject({ accepted: { imported: true } });
  });

  it('prefers the batch’s sentAt, and the caller’s timestamp over the SDK’s', () => {
    const message = { ...track, originalTimestamp: '2026-11-20T11:59:00.000Z', sentAt: '2020-01-01T00:00:00.000Z' };
    expect(decode(message, { sentAt: '2026-11-20T12:00:00.000Z' })).toMatchObject({
      accepted: { timestamp: Date.parse(track.timestamp), sentAt: receivedAt },
    });
  });

  it('of RudderStack’s browser SDK has its traits in the context', () => {
    expect(decode({ ...track, type: 'identify', context: { traits: { plan: 'pro' } } })).toMatchObject({
      accepted: { content: { traits: { plan: 'pro' } } },
    });
  });

  it('aliases the anonymousId where previousId is missing', () => {
    expect(decode({ type: 'alias', userId: 'u', anonymousId: 'a' })).toMatchObject({
      accepted: { content: { userId: 'u', previousId: 'a' } },
    });
  });

  it.each([
    ['not-an-object', 'text'],
    ['not-an-object', null],
    ['not-an-object', [track]],
    ['unknown-type', { ...track, type: 'purchase' }],
    ['unknown-type', { ...track, type: { toString: 1 } }],
    ['missing-identifier', { ...track, userId: null }],
    ['missing-identifier', { type: 'group', groupId: 'g' }],
    ['missing-identifier', { type: 'alias', anonymousId: 'a', previousId: 'b' }],
    ['missing-previous-id', { type: 'alias', userId: 'u' }],
    ['missing-group', { type: 'group', userId: 'u', groupId: '' }],
    ['missing-event', { ...track, event: ' ' }],
    ['invalid-event', { ...track, event: { name: 'x' } }],
    ['invalid-event', { ...track, event: 'x'.repeat(1_025) }],
    ['invalid-identifier', { ...track, userId: { id: 1 } }],
    ['invalid-identifier', { ...track, userId: ['a'] }],
    ['invalid-identifier', { ...track, userId: true }],
    ['invalid-identifier', { ...track, userId: 'x'.repeat(1_025) }],
    ['invalid-message-id', { ...track, messageId: { id: 1 } }],
    ['invalid-message-id', { ...track, messageId: 'x'.repeat(257) }],
    ['wrong-type', { ...track, properties: 'plan' }],
    ['wrong-type', { type: 'identify', userId: 'u', traits: [1] }],
    ['wrong-type', { ...track, context: 7 }],
    ['too-deep', { ...track, properties: nested(collectLimits.depth) }],
    ['too-large', { ...track, properties: { note: 'x'.repeat(collectLimits.eventBytes) } }],
  ])('is rejected as %s: %#', (reason, message) => {
    expect(decode(message)).toMatchObject({ rejected: { reason } });
  });

  it('that is rejected still tells whose it is and which', () => {
    expect(decode({ ...track, event: '' })).toEqual({
      rejected: {
        reason: 'missing-event',
        detail: 'event is empty; send the name of what happened',
        identifier: { type: 'userId', value: 'u-1' },
        messageId: 'm-1',
      },
    });
  });

  it('at the limits of depth and size is accepted', () => {
    expect(decode({ ...track, properties: nested(collectLimits.depth - 1) })).toHaveProperty('accepted');
    const room = collectLimits.eventBytes - JSON.stringify({ ...track, properties: { note: '' } }).length;
    const sized = (characters: number) => ({ ...track, properties: { note: 'x'.repeat(characters) } });
    expect(decode(sized(room))).toHaveProperty('accepted');
    expect(decode(sized(room + 1))).toMatchObject({ rejected: { reason: 'too-large' } });
    const twoByteLetters = { ...track, properties: { note: 'ü'.repeat(room / 2 + 1) } };
    expect(decode(twoByteLetters)).toMatchObject({ rejected: { reason: 'too-large' } });
  });
});

describe('poison in a message', () => {
  const text = (properties: string): string =>
    `{"type":"track","messageId":"m","userId":"u","event":"E","timestamp":"2026-11-20T11:00:00Z","properties":${properties}}`;
  const outcome = (properties: string) => {
    const decoded = decodeText(text(properties));
    return 'accepted' in decoded
      ? { properties: decoded.accepted.content.properties, flags: decoded.accepted.flags }
      : { rejected: decoded.rejected.reason };
  };

  it.each([
    ['NUL', '{"a":"x\\u0000y"}', { a: 'x\uFFFDy' }, ['text-mended']],
    ['a lone surrogate', '{"a":"\\ud800"}', { a: '\uFFFD' }, ['text-mended']],
    ['NUL in a key', '{"a\\u0000":1}', { 'a\uFFFD': 1 }, ['text-mended']],
    ['a surrogate pair, which is fine', '{"a":"\\ud83d\\ude00"}', { a: '😀' }, []],
    ['2^53 - 1, which is fine', '{"a":9007199254740991}', { a: 9007199254740991 }, []],
    ['2^53', '{"a":9007199254740992}', { a: '9007199254740992' }, ['number-as-text']],
    ['twenty digits', '{"a":[-12345678901234567890]}', { a: ['-12345678901234567890'] }, ['number-as-text']],
    ['1e400', '{"a":1e400}', { a: '1e400' }, ['number-as-text']],
    ['10^30', '{"a": 1E+30 , "b":1e3}', { a: '1E+30', b: 1000 }, ['number-as-text']],
    [
      'digits inside a text',
      '{"a":"12345678901234567890 [1e400,","b":12345678901234567890}',
      { a: '12345678901234567890 [1e400,', b: '12345678901234567890' },
      ['number-as-text'],
    ],
    ['a price with many digits, which is fine', '{"a":19.990000000000000001}', { a: 19.99 }, []],
    ['a repeated key', '{"a":1,"a":2}', { a: 2 }, []],
    ['dotted and nested keys', '{"a.b":1,"a":{"b":2}}', { 'a.b': 1, a: { b: 2 } }, []],
    ['__proto__', '{"__proto__":{"admin":true},"a":1}', { a: 1 }, []],
    ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}},"a":1}', { a: 1 }, []],
    ['constructor as a plain word', '{"constructor":"Ferrari"}', { constructor: 'Ferrari' }, []],
    ['an escaped __proto__', '{"__pr\\u006fto__":{"admin":true}}', {}, []],
  ])('%s', (_name, properties, expected, flags) => {
    expect(outcome(properties)).toEqual({ properties: expected, flags });
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it.each([65, 1_200, 5_000, 100_000])('nesting %d levels deep', (levels) => {
    expect(outcome('['.repeat(levels) + ']'.repeat(levels))).toEqual({ rejected: 'too-deep' });
  });

  it('an identifier beyond 2^53 keeps its digits', () => {
    expect(decodeText('{"type":"identify","userId":12345678901234567890,"messageId":"m"}')).toMatchObject({
      accepted: { identifier: { value: '12345678901234567890' } },
    });
  });

  it.each(['', '{', '{"a":01234567890123456789}', '{"a":1e400x}', 'undefined', '{"a":1}x', '[1e400'])(
    'that is no JSON is told apart: %p',
    (json) => expect(parseJson(json)).toBeUndefined(),
  );

  it('a byte order mark is not held against the sender', () => {
    expect(parseJson('\uFEFF{"a":1}')).toMatchObject({ value: { a: 1 } });
  });
});
