import {
  upcast,
  upcasters as publishedUpcasters,
  type LogEvent,
  type LogEventName,
  type LogEvents,
  type Upcasters,
} from '@rapport/events';
import avsc from 'avsc';
import { UndecodableRecordError, type EventCodec } from '../port/event-codec.js';
import { createBoundsCheck, MalformedAvroError, type BoundsCheck } from './bounds-check.js';
import { exactLong } from './exact-long.js';
import { createConform, type Conform } from './conform.js';
import { SchemaCatalog, type PublishedSchema } from './schema-catalog.js';

const magicByte = 0;
const headerLength = 5;

interface Writer {
  readonly id: number;
  readonly type: avsc.Type;
  readonly conform: Conform;
}

interface Reader {
  readonly event: string;
  readonly version: number;
  readonly newestVersion: number;
  readonly type: avsc.Type;
  readonly resolver: avsc.Resolver | undefined;
  readonly checkBounds: BoundsCheck;
}

/** The event does not fit its schema: a defect of the caller. Names the fields, never their values. */
export class UnencodableEventError extends Error {
  override readonly name = 'UnencodableEventError';
}

/**
 * @param options.schemasDir folder of published schemas; `events/` below it is read once, now
 * @param options.upcasters only tests need others than the published ones
 */
export function createEventCodec(options: { readonly schemasDir: string; readonly upcasters?: Upcasters }): EventCodec {
  const catalog = SchemaCatalog.load(options.schemasDir);
  const types = new Map(catalog.schemas.map((schema) => [schema.id, parseType(schema)]));
  const writers = new Map(catalog.events.map((event) => [event, createWriter(catalog, types, event)]));
  const readers = new Map(catalog.schemas.map((schema) => [schema.id, createReader(catalog, types, schema)]));
  const upcasters = options.upcasters ?? publishedUpcasters;
  const scratch = new Scratch();

  return {
    encode<N extends LogEventName>(name: N, value: LogEvents[N]): Buffer {
      const writer = writers.get(name);
      if (writer === undefined) throw new UnencodableEventError(`${name} has no schema in schemas/events`);
      return scratch.write(name, writer, value);
    },
    decode(bytes: Buffer): LogEvent {
      const reader = readerOf(readers, bytes);
      const value = read(reader, bytes);
      // The bytes passed the schema of the event of this name, which is what `LogEvents` declares.
      const event = { name: reader.event, value } as LogEvent;
      if (reader.version === reader.newestVersion) return event;
      return {
        name: event.name,
        value: upcast(upcasters, event.name, event.value, reader.version, reader.newestVersion),
      } as LogEvent;
    },
  };
}

function parseType({ schema }: PublishedSchema): avsc.Type {
  // avsc writes to the object it is given.
  const copy = structuredClone(schema) as unknown as avsc.Schema;
  return avsc.Type.forSchema(copy, { omitRecordMethods: true, typeHook: exactLongs });
}

/** For `"long"` as well as for `{"type": "long", "logicalType": ...}`. */
function exactLongs(schema: unknown): avsc.Type | undefined {
  return schema === 'long' || (schema as { readonly type?: unknown }).type === 'long' ? exactLong : undefined;
}

function createWriter(catalog: SchemaCatalog, types: ReadonlyMap<number, avsc.Type>, event: string): Writer {
  const newest = catalog.newest(event)!;
  const conform = createConform(newest.schema) ?? ((value) => value);
  return { id: newest.id, type: types.get(newest.id)!, conform };
}

function createReader(catalog: SchemaCatalog, types: ReadonlyMap<number, avsc.Type>, written: PublishedSchema): Reader {
  const newest = catalog.newest(written.event)!;
  const type = types.get(newest.id)!;
  const resolver = newest.id === written.id ? undefined : type.createResolver(types.get(written.id)!);
  const checkBounds = createBoundsCheck(written.schema, written.event);
  return { event: written.event, version: written.version, newestVersion: newest.version, type, resolver, checkBounds };
}

/** One growing buffer all encodings are made in, so that none has to guess its size. */
class Scratch {
  private bytes = Buffer.allocUnsafeSlow(64 * 1024);

  write(name: LogEventName, writer: Writer, value: unknown): Buffer {
    const conformed = writer.conform(value);
    let end = this.encode(name, writer, conformed);
    if (end < 0) {
      this.bytes = Buffer.allocUnsafeSlow((this.bytes.length - end) * 2);
      end = this.encode(name, writer, conformed);
    }
    this.bytes[0] = magicByte;
    this.bytes.writeUInt32BE(writer.id, 1);
    return Buffer.from(this.bytes.subarray(0, end));
  }

  /** Position after the value, or minus the number of bytes that are missing. */
  private encode(name: LogEventName, { type }: Writer, value: unknown): number {
    try {
      return type.encode(value, this.bytes, headerLength);
    } catch {
      // avsc's own message quotes the value, which may be personal.
      throw new UnencodableEventError(`${name} does not fit its schema in: ${misfits(type, value)}`);
    }
  }
}

function misfits(type: avsc.Type, value: unknown): string {
  const paths = new Set<string>();
  type.isValid(value, {
    errorHook: (path, _value, expected) =>
      paths.add(`${path.join('.') || '(all)'} (${expected.typeName.replace('abstract:', '')})`),
  });
  return [...paths].join(', ');
}

function readerOf(readers: ReadonlyMap<number, Reader>, bytes: Buffer): Reader {
  if (bytes.length < headerLength) {
    throw new UndecodableRecordError(`truncated: ${bytes.length} bytes, and the header alone takes ${headerLength}`);
  }
  if (bytes[0] !== magicByte) {
    throw new UndecodableRecordError(`bad magic byte ${bytes[0]}; Confluent wire format starts with ${magicByte}`);
  }
  const id = bytes.readUInt32BE(1);
  const reader = readers.get(id);
  if (reader === undefined) {
    throw new UndecodableRecordError(`unknown schema id ${id}; is schemas/events/ids.yaml older than the writer?`);
  }
  return reader;
}

function read({ event, version, type, resolver, checkBounds }: Reader, bytes: Buffer): unknown {
  try {
    const end = checkBounds(bytes, headerLength);
    if (end !== bytes.length) throw new MalformedAvroError(`${bytes.length - end} bytes too many`);
    return type.decode(bytes, headerLength, resolver).value as unknown;
  } catch (error) {
    // avsc's own messages may quote values.
    const detail = error instanceof MalformedAvroError ? error.message : 'a value its type cannot hold';
    throw new UndecodableRecordError(`malformed ${event}/${version}: ${detail}`);
  }
}
