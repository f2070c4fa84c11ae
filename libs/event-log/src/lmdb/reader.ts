import { LRUCache } from 'lru-cache';
import { topics, type TopicName } from '@rapport/events';
import type { LogRecord, TopicPartition } from '../port/event-log.js';
import { decodeChunk } from './chunk.js';
import type { LmdbStore } from './lmdb-store.js';

/** A full batch of each partition, and as much again for who is behind. */
const cachedBytes = 32 * 1024 * 1024;
const maxReadBytes = 10 * 1024 * 1024;

export interface ReadRequest extends TopicPartition {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly maxRecords: number;
}

export interface ReadResult {
  readonly records: LogRecord[];
  /** Where the next read goes on; beyond `from` even if the log holds no record there any more. */
  readonly nextOffset: number;
}

export interface Reader {
  /** At most `maxRecords` records, and about 10 MB, of `[from, to)`. */
  read(request: ReadRequest): ReadResult;
}

interface CachedChunk {
  readonly records: LogRecord[];
  readonly bytes: number;
}

/**
 * Several consumers of one process read the same records about the same time; they share the decoded ones. Not kept are
 * chunks of compacted topics, which change, and of topics with one consumer: nobody would come for them again.
 */
export function createReader(store: LmdbStore): Reader {
  const cache = new LRUCache<string, CachedChunk>({ maxSize: cachedBytes, sizeCalculation: (chunk) => chunk.bytes });

  function chunkAt(topic: TopicName, partition: number, base: number): CachedChunk | undefined {
    const { cleanup, consumers } = topics[topic];
    const isShared = cleanup !== 'compact' && consumers.length > 1;
    const cacheKey = `${topic}/${partition}/${base}`;
    const cached = isShared ? cache.get(cacheKey) : undefined;
    if (cached !== undefined) return cached;
    const bytes = store.chunks.get([topic, partition, base]);
    if (bytes === undefined) return undefined;
    const chunk = { records: decodeChunk(bytes, topic, partition, base), bytes: bytes.length };
    if (isShared) cache.set(cacheKey, chunk);
    return chunk;
  }

  /** Base of the chunk in which `offset` stands, or of the first one behind it. */
  function baseFor(topic: TopicName, partition: number, offset: number, to: number): number | undefined {
    const before = store.chunks.getKeys({
      start: [topic, partition, offset],
      end: [topic, partition, -1],
      reverse: true,
      limit: 1,
    });
    for (const [, , base] of before) return base;
    return baseFrom(topic, partition, offset, to);
  }

  function baseFrom(topic: TopicName, partition: number, offset: number, to: number): number | undefined {
    const behind = store.chunks.getKeys({ start: [topic, partition, offset], end: [topic, partition, to], limit: 1 });
    for (const [, , base] of behind) return base;
    return undefined;
  }

  return {
    read({ topic, partition, from, to, maxRecords }) {
      const records: LogRecord[] = [];
      let nextOffset = from;
      let bytes = 0;
      let base = from < to ? baseFor(topic, partition, from, to) : undefined;
      while (base !== undefined && records.length < maxRecords && bytes < maxReadBytes) {
        const chunk = chunkAt(topic, partition, base);
        if (chunk === undefined) {
          base = baseFrom(topic, partition, base, to);
          continue;
        }
        nextOffset = takeRecords(chunk.records, { from: nextOffset, to, maxRecords }, records);
        const behind = chunk.records[chunk.records.length - 1]!.offset + 1;
        if (records.length >= maxRecords && nextOffset < Math.min(behind, to)) return { records, nextOffset };
        bytes += chunk.bytes;
        nextOffset = Math.max(nextOffset, Math.min(behind, to));
        base = behind < to ? behind : undefined;
      }
      if (base === undefined) nextOffset = Math.max(nextOffset, to);
      return { records, nextOffset };
    },
  };
}

/** Adds the records of `[from, to)` up to `maxRecords`; answers the offset behind the last one added. */
function takeRecords(
  source: readonly LogRecord[],
  range: { readonly from: number; readonly to: number; readonly maxRecords: number },
  target: LogRecord[],
): number {
  let next = range.from;
  for (const record of source) {
    if (target.length >= range.maxRecords || record.offset >= range.to) break;
    if (record.offset < range.from) continue;
    target.push(record);
    next = record.offset + 1;
  }
  return next;
}
