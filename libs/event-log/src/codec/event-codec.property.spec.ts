import { resolve } from 'node:path';
import type { LogEventName, LogEvents } from '@rapport/events';
import fc from 'fast-check';
import { createEventCodec, SchemaCatalog, UndecodableRecordError } from '../index.js';

const schemasDir = resolve(import.meta.dirname, '../../../../schemas');
const catalog = SchemaCatalog.load(schemasDir);
const codec = createEventCodec({ schemasDir });

/** Any value of the schema, text with lone surrogates and NUL included. */
function valueOf(schema: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(schema)) return fc.oneof(...schema.map(valueOf));
  if (typeof schema === 'object' && schema !== null) {
    const { type, fields, items, values } = schema as Record<string, unknown>;
    if (type === 'record') {
      const entries = (fields as { name: string; type: unknown }[]).map((field) => [field.name, valueOf(field.type)]);
      return fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>);
    }
    if (type === 'array') return fc.array(valueOf(items));
    if (type === 'map')
      return fc.dictionary(
        anyText.filter((key) => key !== '__proto__'),
        valueOf(values),
      );
    return valueOf(type);
  }
  const primitives: Record<string, fc.Arbitrary<unknown>> = {
    null: fc.constant(null),
    boolean: fc.boolean(),
    int: fc.integer(),
    long: fc.oneof(fc.integer(), fc.maxSafeInteger()),
    double: fc.double({ noNaN: true }),
    string: anyText,
    bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  };
  return primitives[schema as string]!;
}

const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

const anyEvent = fc
  .constantFrom(...catalog.events)
  .chain((event) => valueOf(catalog.newest(event)!.schema).map((value) => ({ name: event as LogEventName, value })));

const anyRecord = anyEvent.map(({ name, value }) => codec.encode(name, value as LogEvents[typeof name]));

/** What a value looks like after a trip through UTF-8. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormed(item)]));
}

function decodeOrRefuse(bytes: Buffer): unknown {
  try {
    return codec.decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(UndecodableRecordError);
    return undefined;
  }
}

describe('event codec, for any value', () => {
  it('gives back what it was given, text mended to well-formed Unicode', () => {
    fc.assert(
      fc.property(anyEvent, ({ name, value }) => {
        const decoded = codec.decode(codec.encode(name, value as LogEvents[typeof name]));

        expect({ ...decoded, value: wellFormed(decoded.value) }).toEqual({ name, value: wellFormed(value) });
      }),
      { numRuns: 500 },
    );
  });

  it('writes the same bytes for what it has read', () => {
    fc.assert(
      fc.property(anyRecord, (bytes) => {
        const { name, value } = codec.decode(bytes);

        expect(codec.encode(name, value as LogEvents[typeof name]).equals(bytes)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses every truncation of a record', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (bytes, cut) => {
        expect(() => codec.decode(bytes.subarray(0, cut % bytes.length))).toThrow(UndecodableRecordError);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a record with bytes behind its end', () => {
    fc.assert(
      fc.property(anyRecord, fc.uint8Array({ minLength: 1 }), (bytes, rest) => {
        expect(() => codec.decode(Buffer.concat([bytes, rest]))).toThrow(UndecodableRecordError);
      }),
      { numRuns: 200 },
    );
  });

  it('reads or refuses flipped and random bytes, and nothing else happens', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), fc.nat(7), fc.uint8Array(), (bytes, at, bit, rest) => {
        const flipped = Buffer.from(bytes);
        flipped[at % flipped.length]! ^= 1 << bit;

        decodeOrRefuse(flipped);
        decodeOrRefuse(Buffer.concat([bytes.subarray(0, 5), rest]));
      }),
      { numRuns: 2000 },
    );
  });
});
