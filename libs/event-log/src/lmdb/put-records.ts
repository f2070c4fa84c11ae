import type { TopicName } from '@rapport/events';
import type { PartitionBounds, TopicPartition } from '../port/event-log.js';
import { encodeChunk, type EncodedRecord } from './chunk.js';
import type { LmdbStore } from './lmdb-store.js';

/** A reader copies whole chunks, so they stay small; a single larger record gets a chunk of its own. */
const maxChunkBytes = 128 * 1024;

export interface PlacedRecord extends TopicPartition {
  readonly encoded: EncodedRecord;
}

interface Run extends TopicPartition {
  readonly base: number;
  readonly records: EncodedRecord[];
}

/** Inside a write transaction: gives every record the next offset of its partition; positions in the order given. */
export function putRecords(
  store: LmdbStore,
  records: readonly PlacedRecord[],
  appendedAt: number,
): (TopicPartition & { readonly offset: number })[] {
  const topicBounds = new Map<TopicName, PartitionBounds[]>();
  const runs = new Map<TopicName, Run[]>();
  const positions = records.map(({ topic, partition, encoded }) => {
    const run = (topicRuns(topic)[partition] ??= newRun(topic, partition));
    run.records.push(encoded);
    return { topic, partition, offset: run.base + run.records.length - 1 };
  });
  for (const [topic, ofTopic] of runs) {
    const bounds = topicBounds.get(topic)!;
    for (const run of ofTopic.filter((candidate) => candidate !== undefined)) {
      putChunks(store, run, appendedAt);
      bounds[run.partition] = { ...bounds[run.partition]!, high: run.base + run.records.length };
    }
    store.putBounds(topic, bounds);
  }
  return positions;

  function topicRuns(topic: TopicName): Run[] {
    let ofTopic = runs.get(topic);
    if (ofTopic === undefined) {
      runs.set(topic, (ofTopic = []));
      topicBounds.set(topic, store.bounds(topic));
    }
    return ofTopic;
  }

  function newRun(topic: TopicName, partition: number): Run {
    return { topic, partition, base: topicBounds.get(topic)![partition]!.high, records: [] };
  }
}

function putChunks(store: LmdbStore, { topic, partition, base, records }: Run, appendedAt: number): void {
  let first = 0;
  let bytes = 0;
  records.forEach((record, index) => {
    if (index > first && bytes + record.byteLength > maxChunkBytes) {
      put(first, index);
      first = index;
      bytes = 0;
    }
    bytes += record.byteLength;
  });
  put(first, records.length);

  function put(from: number, to: number): void {
    store.chunks.putSync([topic, partition, base + from], encodeChunk(records.slice(from, to), appendedAt));
  }
}
