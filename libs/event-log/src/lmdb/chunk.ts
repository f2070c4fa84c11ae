import { type TopicName, topicNames } from '@rapport/events';
import type { LogRecord, Origin, RecordToAppend } from '../port/event-log.js';

/**
 * A chunk is what one group commit adds to one partition: a header and its records, one LMDB entry under
 * [topic, partition, offset of the first record].
 *
 * Header, 16 bytes little-endian: format (u8), 3 bytes zero, record count (u32), append time (f64, ms).
 * Record: body length (u32), offset minus the chunk's base (u32), flags (u8), key length (u16), key, then per flag an
 * origin and headers, and the value up to the end of the body.
 * Origin: partition (u32), offset (f64), sequence (u32), topic, producer (each u8 length, UTF-8).
 * Headers: count (u16), then name (u16 length) and value (u32 length), UTF-8.
 */
const format = 1;
const headerBytes = 16;
const recordHeadBytes = 11;
const tombstone = 1;
const hasHeaders = 2;
const hasOrigin = 4;

const maxKeyBytes = 0xffff;
const knownTopics = new Map<string, TopicName>(topicNames.map((name) => [name, name]));

/** A record's body, ready to be put at any offset. */
export interface EncodedRecord {
  readonly flags: number;
  readonly key: Buffer;
  readonly origin: Origin | undefined;
  readonly headers: readonly (readonly [Buffer, Buffer])[];
  readonly value: Buffer | null;
  /** Bytes the record takes in a chunk, its own head included. */
  readonly byteLength: number;
}

export function encodeRecord(record: RecordToAppend): EncodedRecord {
  const key = Buffer.from(record.key, 'utf8');
  if (key.length > maxKeyBytes) {
    throw new RangeError(
      `The key of a record for ${record.topic} has ${key.length} bytes; at most ${maxKeyBytes} fit.`,
    );
  }
  const headers = encodeHeaders(record.headers);
  let byteLength = recordHeadBytes + key.length + (record.value?.length ?? 0);
  let flags = record.value === null ? tombstone : 0;
  if (headers.length > 0) {
    flags |= hasHeaders;
    byteLength += 2;
    for (const [name, value] of headers) byteLength += 6 + name.length + value.length;
  }
  if (record.origin !== undefined) {
    flags |= hasOrigin;
    byteLength += 18 + Buffer.byteLength(record.origin.topic) + Buffer.byteLength(record.origin.producer);
  }
  return { flags, key, origin: record.origin, headers, value: record.value, byteLength };
}

function encodeHeaders(headers: Readonly<Record<string, string>> | undefined): (readonly [Buffer, Buffer])[] {
  if (headers === undefined) return [];
  return Object.entries(headers).map(
    ([name, value]) => [Buffer.from(name, 'utf8'), Buffer.from(value, 'utf8')] as const,
  );
}

/** `records[i]` gets offset `base + i`. */
export function encodeChunk(records: readonly EncodedRecord[], appendedAt: number): Buffer {
  let size = headerBytes;
  for (const record of records) size += record.byteLength;
  const chunk = Buffer.allocUnsafe(size);
  writeChunkHeader(chunk, records.length, appendedAt);
  let position = headerBytes;
  for (let index = 0; index < records.length; index += 1) {
    position = writeRecord(chunk, position, index, records[index]!);
  }
  return chunk;
}

function writeChunkHeader(chunk: Buffer, count: number, appendedAt: number): void {
  chunk.writeUInt32LE(format, 0);
  chunk.writeUInt32LE(count, 4);
  chunk.writeDoubleLE(appendedAt, 8);
}

function writeRecord(chunk: Buffer, start: number, offsetInChunk: number, record: EncodedRecord): number {
  let position = start;
  chunk.writeUInt32LE(record.byteLength - 4, position);
  chunk.writeUInt32LE(offsetInChunk, position + 4);
  chunk.writeUInt8(record.flags, position + 8);
  chunk.writeUInt16LE(record.key.length, position + 9);
  position += recordHeadBytes;
  position += record.key.copy(chunk, position);
  if (record.origin !== undefined) position = writeOrigin(chunk, position, record.origin);
  if (record.headers.length > 0) position = writeHeaders(chunk, position, record.headers);
  if (record.value !== null) position += record.value.copy(chunk, position);
  return position;
}

function writeOrigin(chunk: Buffer, start: number, origin: Origin): number {
  let position = chunk.writeUInt32LE(origin.partition, start);
  position = chunk.writeDoubleLE(origin.offset, position);
  position = chunk.writeUInt32LE(origin.sequence, position);
  const topicBytes = chunk.write(origin.topic, position + 1, 'utf8');
  chunk.writeUInt8(topicBytes, position);
  position += 1 + topicBytes;
  const producerBytes = chunk.write(origin.producer, position + 1, 'utf8');
  chunk.writeUInt8(producerBytes, position);
  return position + 1 + producerBytes;
}

function writeHeaders(chunk: Buffer, start: number, headers: EncodedRecord['headers']): number {
  let position = chunk.writeUInt16LE(headers.length, start);
  for (const [name, value] of headers) {
    position = chunk.writeUInt16LE(name.length, position);
    position += name.copy(chunk, position);
    position = chunk.writeUInt32LE(value.length, position);
    position += value.copy(chunk, position);
  }
  return position;
}

/** The records of a chunk; their values are views of `chunk`, which must not change afterwards. */
export function decodeChunk(chunk: Buffer, topic: TopicName, partition: number, base: number): LogRecord[] {
  const count = recordsInChunk(chunk);
  const appendedAt = appendTimeOfChunk(chunk);
  const records = new Array<LogRecord>(count);
  let position = headerBytes;
  for (let index = 0; index < count; index += 1) {
    const end = position + 4 + chunk.readUInt32LE(position);
    records[index] = readRecord(chunk, position, end, { topic, partition, base, appendedAt });
    position = end;
  }
  return records;
}

export function appendTimeOfChunk(chunk: Buffer): number {
  return chunk.readDoubleLE(8);
}

function recordsInChunk(chunk: Buffer): number {
  if (chunk.readUInt32LE(0) !== format) {
    throw new Error(
      `The log holds a chunk of format ${chunk.readUInt32LE(0)}; this version of Rapport reads ${format}.`,
    );
  }
  return chunk.readUInt32LE(4);
}

interface ChunkPlace {
  readonly topic: TopicName;
  readonly partition: number;
  readonly base: number;
  readonly appendedAt: number;
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

function readRecord(chunk: Buffer, start: number, end: number, place: ChunkPlace): LogRecord {
  const flags = chunk[start + 8]!;
  const keyEnd = start + recordHeadBytes + chunk.readUInt16LE(start + 9);
  const key = chunk.toString('utf8', start + recordHeadBytes, keyEnd);
  let position = keyEnd;
  let origin: Origin | undefined;
  if ((flags & hasOrigin) !== 0) {
    origin = readOrigin(chunk, position);
    const topicEnd = position + 17 + chunk[position + 16]!;
    position = topicEnd + 1 + chunk[topicEnd]!;
  }
  let headers = noHeaders;
  if ((flags & hasHeaders) !== 0) [headers, position] = readHeaders(chunk, position);
  return {
    topic: place.topic,
    partition: place.partition,
    offset: place.base + chunk.readUInt32LE(start + 4),
    appendedAt: place.appendedAt,
    key,
    value: (flags & tombstone) !== 0 ? null : chunk.subarray(position, end),
    headers,
    origin,
  };
}

function readOrigin(chunk: Buffer, start: number): Origin {
  const topicEnd = start + 17 + chunk[start + 16]!;
  const topic = chunk.toString('latin1', start + 17, topicEnd);
  return {
    producer: chunk.toString('utf8', topicEnd + 1, topicEnd + 1 + chunk[topicEnd]!),
    topic: knownTopics.get(topic) ?? (topic as TopicName),
    partition: chunk.readUInt32LE(start),
    offset: chunk.readDoubleLE(start + 4),
    sequence: chunk.readUInt32LE(start + 12),
  };
}

function readHeaders(chunk: Buffer, start: number): [Record<string, string>, number] {
  const count = chunk.readUInt16LE(start);
  const headers: Record<string, string> = {};
  let position = start + 2;
  for (let index = 0; index < count; index += 1) {
    const nameEnd = position + 2 + chunk.readUInt16LE(position);
    const valueEnd = nameEnd + 4 + chunk.readUInt32LE(nameEnd);
    headers[chunk.toString('utf8', position + 2, nameEnd)] = chunk.toString('utf8', nameEnd + 4, valueEnd);
    position = valueEnd;
  }
  return [headers, position];
}

/** The same chunk without the records `keep` refuses, every kept record at its old offset; `undefined` if none is kept. */
export function filterChunk(
  chunk: Buffer,
  keep: (key: string, offsetInChunk: number, isTombstone: boolean) => boolean,
): Buffer | undefined {
  const count = recordsInChunk(chunk);
  const kept: Buffer[] = [Buffer.alloc(headerBytes)];
  let position = headerBytes;
  for (let index = 0; index < count; index += 1) {
    const end = position + 4 + chunk.readUInt32LE(position);
    const keyStart = position + recordHeadBytes;
    const key = chunk.toString('utf8', keyStart, keyStart + chunk.readUInt16LE(position + 9));
    if (keep(key, chunk.readUInt32LE(position + 4), (chunk[position + 8]! & tombstone) !== 0)) {
      kept.push(chunk.subarray(position, end));
    }
    position = end;
  }
  if (kept.length === 1) return undefined;
  const filtered = Buffer.concat(kept);
  writeChunkHeader(filtered, kept.length - 1, appendTimeOfChunk(chunk));
  return filtered;
}

/** Calls `visit` for each record of the chunk without building it. */
export function scanChunk(
  chunk: Buffer,
  visit: (key: string, offsetInChunk: number, isTombstone: boolean) => void,
): void {
  filterChunk(chunk, (key, offset, isTombstone) => {
    visit(key, offset, isTombstone);
    return false;
  });
}
