import fc from 'fast-check';
import { decodeMessage, parseJson, rejectionReasons, touchpointFlags, touchpointTypes } from '../index.js';

const receivedAt = Date.parse('2026-11-20T12:00:00.000Z');

/** Messages that are nearly right, so that every field is reached, each with anything in its place now and then. */
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\0', '\ud800', '__proto__', ''));
const orAnything = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary }, { weight: 1, arbitrary: fc.anything({ withNullPrototype: true }) });
const anyMap = fc.dictionary(anyText, fc.jsonValue({ stringUnit: 'binary' }));
const message = fc.record(
  {
    type: orAnything(fc.constantFrom(...touchpointTypes)),
    messageId: orAnything(anyText),
    userId: orAnything(fc.oneof(anyText, fc.integer())),
    anonymousId: orAnything(anyText),
    previousId: orAnything(anyText),
    groupId: orAnything(anyText),
    event: orAnything(anyText),
    timestamp: orAnything(fc.date({ noInvalidDate: true }).map((date) => date.toISOString())),
    sentAt: orAnything(fc.date({ noInvalidDate: true }).map((date) => date.toISOString())),
    properties: orAnything(anyMap),
    traits: orAnything(anyMap),
    context: orAnything(anyMap),
    integrations: orAnything(anyMap),
  },
  { requiredKeys: [] },
);

const decode = (value: unknown, batch: { context?: unknown; sentAt?: unknown } = {}) =>
  decodeMessage(value, undefined, {
    receivedAt,
    sentAt: batch.sentAt,
    context: batch.context,
    integrations: batch.context,
    imported: false,
    ip: undefined,
    newMessageId: () => 'assigned',
    mayNeedMending: true,
  });

describe('decoding', () => {
  it('ends every message, whatever it is, as accepted or as rejected with a reason', () => {
    fc.assert(
      fc.property(fc.oneof(message, fc.anything()), fc.anything(), fc.anything(), (value, context, sentAt) => {
        const decoded = decode(value, { context, sentAt });
        if ('rejected' in decoded) {
          expect(rejectionReasons).toContain(decoded.rejected.reason);
          expect(decoded.rejected.detail).not.toBe('');
        } else {
          expect(touchpointTypes).toContain(decoded.accepted.type);
          expect(decoded.accepted.messageId.trim()).not.toBe('');
          expect(decoded.accepted.identifier.value.trim()).not.toBe('');
          for (const flag of decoded.accepted.flags) expect(touchpointFlags).toContain(flag);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('lets through only what every store can hold', () => {
    fc.assert(
      fc.property(message, (value) => {
        const parsed = parseJson(JSON.stringify(value));
        const decoded = decode(parsed?.value);
        if ('rejected' in decoded) return;
        const text = JSON.stringify(decoded.accepted);
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(decoded.accepted)));
        expect(Object.hasOwn(decoded.accepted.content.properties ?? {}, '__proto__')).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('says of parsed JSON that nothing needs mending only where mending changes nothing', () => {
    fc.assert(
      fc.property(message, (value) => {
        const parsed = parseJson(JSON.stringify(value));
        if (parsed === undefined || parsed.mayNeedMending) return;
        const facts = { receivedAt, sentAt: 0, context: {}, integrations: {}, imported: false, ip: undefined };
        const outcomes = [true, false].map((mayNeedMending) =>
          decodeMessage(parsed.value, undefined, { ...facts, newMessageId: () => 'assigned', mayNeedMending }),
        );
        expect(outcomes[0]).toEqual(outcomes[1]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads any text as JSON just as JSON.parse tells JSON from other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(parseJson(text) !== undefined).toBe(isJson);
      }),
    );
  });
});
