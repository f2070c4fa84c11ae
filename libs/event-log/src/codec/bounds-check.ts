/**
 * Walks the Avro binary of one value without building it and returns the position after it. Throws `MalformedAvroError`
 * where the bytes end early, a length is negative or a union branch does not exist.
 *
 * avsc reads past the end of its buffer and finds out afterwards, so a count of 2^31 in six bytes of input would fill
 * the memory first; nothing is decoded before this check has passed.
 */
export type BoundsCheck = (bytes: Buffer, position: number) => number;

export class MalformedAvroError extends Error {
  override readonly name = 'MalformedAvroError';
}

/** Throws for schemas whose arrays hold items of zero bytes (null, empty records): no input would bound their count. */
export function createBoundsCheck(schema: unknown, path = ''): BoundsCheck {
  if (Array.isArray(schema)) return union(schema, path);
  if (typeof schema === 'string') return primitive(schema, path);
  const { type, ...attributes } = schema as { readonly type: unknown } & Readonly<Record<string, unknown>>;
  switch (type) {
    case 'record':
      return record(attributes.fields as readonly { name: string; type: unknown }[], path);
    case 'array':
      return blocks(nonEmpty(attributes.items, path), path);
    case 'map':
      return blocks(pair(primitive('string', path), createBoundsCheck(attributes.values, path)), path);
    case 'fixed':
      return fixedSize(attributes.size as number, path);
    case 'enum':
      return symbol((attributes.symbols as readonly unknown[]).length, path);
    default:
      return createBoundsCheck(type, path);
  }
}

function record(fields: readonly { readonly name: string; readonly type: unknown }[], path: string): BoundsCheck {
  const checks = fields.map(({ name, type }) => createBoundsCheck(type, `${path}.${name}`));
  return (bytes, position) => {
    for (let index = 0; index < checks.length; index += 1) position = checks[index]!(bytes, position);
    return position;
  };
}

function union(branches: readonly unknown[], path: string): BoundsCheck {
  const checks = branches.map((branch) => createBoundsCheck(branch, path));
  return (bytes, position) => {
    const check = checks[readCount(bytes, position, path)];
    if (check === undefined) throw new MalformedAvroError(`${path}: no such branch of the union`);
    return check(bytes, skipVarint(bytes, position, path));
  };
}

function blocks(item: BoundsCheck, path: string): BoundsCheck {
  return (bytes, position) => {
    for (;;) {
      let count = readLong(bytes, position, path);
      position = skipVarint(bytes, position, path);
      if (count === 0) return position;
      if (count < 0) {
        count = -count;
        position = skipVarint(bytes, position, path);
      }
      if (count > bytes.length - position)
        throw new MalformedAvroError(`${path}: more items announced than bytes are left`);
      for (; count > 0; count -= 1) position = item(bytes, position);
    }
  };
}

function primitive(name: string, path: string): BoundsCheck {
  switch (name) {
    case 'null':
      return (_bytes, position) => position;
    case 'boolean':
      return boolean(path);
    case 'int':
      return (bytes, position) => skipVarint(bytes, position, path);
    case 'long':
      return (bytes, position) => skipLong(bytes, position, path);
    case 'float':
      return fixedSize(4, path);
    case 'double':
      return fixedSize(8, path);
    case 'bytes':
    case 'string':
      return (bytes, position) =>
        advance(bytes, skipVarint(bytes, position, path), readCount(bytes, position, path), path);
    default:
      throw new Error(`${path}: a schema that refers to the named type ${name} is not supported; spell the type out`);
  }
}

function nonEmpty(items: unknown, path: string): BoundsCheck {
  if (smallestSize(items) === 0) throw new Error(`${path}: items of zero bytes are not allowed in arrays`);
  return createBoundsCheck(items, path);
}

/** Fewest bytes a value of the schema can take, counted up to 1. */
function smallestSize(schema: unknown): number {
  if (Array.isArray(schema)) return 1;
  if (typeof schema === 'string') return schema === 'null' ? 0 : 1;
  const { type, fields, size } = schema as { type: unknown; fields?: { type: unknown }[]; size?: number };
  if (type === 'record') return Math.max(0, ...(fields ?? []).map((field) => smallestSize(field.type)));
  if (type === 'fixed') return Math.min(1, size ?? 0);
  return type === 'array' || type === 'map' || type === 'enum' ? 1 : smallestSize(type);
}

function pair(first: BoundsCheck, second: BoundsCheck): BoundsCheck {
  return (bytes, position) => second(bytes, first(bytes, position));
}

function fixedSize(size: number, path: string): BoundsCheck {
  return (bytes, position) => advance(bytes, position, size, path);
}

function boolean(path: string): BoundsCheck {
  return (bytes, position) => {
    if (bytes[position]! > 1) throw new MalformedAvroError(`${path}: a boolean that is neither 0 nor 1`);
    return advance(bytes, position, 1, path);
  };
}

function symbol(count: number, path: string): BoundsCheck {
  return (bytes, position) => {
    if (readCount(bytes, position, path) >= count) throw new MalformedAvroError(`${path}: no such symbol`);
    return skipVarint(bytes, position, path);
  };
}

function advance(bytes: Buffer, position: number, length: number, path: string): number {
  const end = position + length;
  if (end > bytes.length) throw new MalformedAvroError(`${path}: the record ends early`);
  return end;
}

/** A varint of at most 10 bytes. */
function skipVarint(bytes: Buffer, position: number, path: string): number {
  for (let length = 1; length <= 10; length += 1) {
    const byte = bytes[position];
    position += 1;
    if (byte === undefined) throw new MalformedAvroError(`${path}: the record ends early`);
    if (byte < 0x80) return position;
  }
  throw new MalformedAvroError(`${path}: a number of more than 10 bytes`);
}

function skipLong(bytes: Buffer, position: number, path: string): number {
  const end = skipVarint(bytes, position, path);
  // Shorter ones stay below 2^49.
  if (end - position < 8) return end;
  const zigzag = bytes.subarray(position, end).reduceRight((value, byte) => value * 128n + BigInt(byte & 0x7f), 0n);
  const value = (zigzag >> 1n) ^ -(zigzag & 1n);
  if (value < Number.MIN_SAFE_INTEGER || value > Number.MAX_SAFE_INTEGER)
    throw new MalformedAvroError(`${path}: an integer beyond 2^53`);
  return end;
}

/** Zigzag varint; loses precision beyond 2^53, which no length reaches. */
function readLong(bytes: Buffer, position: number, path: string): number {
  let value = 0;
  let factor = 1;
  for (let length = 1; length <= 10; length += 1) {
    const byte = bytes[position];
    position += 1;
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    factor *= 128;
  }
  throw new MalformedAvroError(`${path}: the record ends early`);
}

function readCount(bytes: Buffer, position: number, path: string): number {
  const count = readLong(bytes, position, path);
  if (count < 0) throw new MalformedAvroError(`${path}: a negative length`);
  return count;
}
