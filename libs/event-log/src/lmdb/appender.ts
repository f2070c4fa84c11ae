import type { TopicName } from '@rapport/events';
import { partitionOfKey } from '../partitioning/partition-of-key.js';
import {
  EventLogUnavailableError,
  type PartitionBounds,
  type RecordToAppend,
  type TopicPartition,
} from '../port/event-log.js';
import { encodeChunk, encodeRecord, type EncodedRecord } from './chunk.js';
import type { LmdbStore } from './lmdb-store.js';

type Position = TopicPartition & { readonly offset: number };

/** A reader copies whole chunks, so they stay small; a single larger record gets a chunk of its own. */
const maxChunkBytes = 128 * 1024;
const maxTransactionBytes = 16 * 1024 * 1024;
const maxQueuedBytes = 256 * 1024 * 1024;

interface PendingAppend {
  readonly records: readonly {
    readonly topic: TopicName;
    readonly partition: number;
    readonly encoded: EncodedRecord;
  }[];
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface Appender {
  append(records: readonly RecordToAppend[]): Promise<readonly Position[]>;
  /** Waits until nothing is queued; appends that come later are refused. */
  close(): Promise<void>;
}

/** Group commit: what arrives while a transaction is on its way to the disk goes together into the next one. */
export function createAppender(parts: {
  readonly store: LmdbStore;
  readonly clock: () => number;
  readonly onCommitted: () => void;
}): Appender {
  const { store, clock, onCommitted } = parts;
  const partitionsOf = partitionCounts(store);
  let queue: PendingAppend[] = [];
  let queuedBytes = 0;
  let draining: Promise<void> | undefined;
  let closed = false;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const group = takeGroup();
      await commitGroup(group);
    }
    draining = undefined;
  }

  function takeGroup(): PendingAppend[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && (count === 0 || bytes + queue[count]!.bytes <= maxTransactionBytes)) {
      bytes += queue[count]!.bytes;
      count += 1;
    }
    const group = queue.slice(0, count);
    queue = queue.slice(count);
    queuedBytes -= bytes;
    return group;
  }

  async function commitGroup(group: readonly PendingAppend[]): Promise<void> {
    try {
      const positions = await store.write(() => putGroup(store, group, clock()));
      onCommitted();
      let next = 0;
      for (const pending of group) {
        pending.resolve(positions.slice(next, next + pending.records.length));
        next += pending.records.length;
      }
    } catch (error) {
      for (const pending of group) pending.reject(error);
    }
  }

  return {
    async append(records) {
      if (closed) throw new EventLogUnavailableError('The event log is closed; it takes no records any more.');
      if (records.length === 0) return [];
      const prepared = records.map((record) => {
        const encoded = encodeRecord(record);
        return { topic: record.topic, partition: partitionOfKey(encoded.key, partitionsOf(record.topic)), encoded };
      });
      const bytes = prepared.reduce((sum, { encoded }) => sum + encoded.byteLength, 0);
      if (queuedBytes + bytes > maxQueuedBytes && queuedBytes > 0) {
        throw new EventLogUnavailableError('The event log is behind: too much waits for the disk. Try again later.');
      }
      return new Promise<readonly Position[]>((resolve, reject) => {
        queue.push({ records: prepared, bytes, resolve, reject });
        queuedBytes += bytes;
        draining ??= drain();
      });
    },
    async close() {
      closed = true;
      await draining;
    },
  };
}

function partitionCounts(store: LmdbStore): (topic: TopicName) => number {
  const counts = new Map<TopicName, number>();
  return (topic) => {
    let count = counts.get(topic);
    if (count === undefined) {
      store.refresh();
      count = store.bounds(topic).length;
      if (count === 0)
        throw new Error(`The topic ${topic} does not exist in the event log; call ensureTopics() first.`);
      counts.set(topic, count);
    }
    return count;
  };
}

/** Inside a write transaction: gives every record its offset and puts the chunks. Positions in the order of the group. */
function putGroup(store: LmdbStore, group: readonly PendingAppend[], appendedAt: number): Position[] {
  const topicBounds = new Map<TopicName, PartitionBounds[]>();
  const runs = new Map<string, { topic: TopicName; partition: number; base: number; records: EncodedRecord[] }>();
  const positions: Position[] = [];
  for (const pending of group) {
    for (const { topic, partition, encoded } of pending.records) {
      const place = `${topic}/${partition}`;
      let run = runs.get(place);
      if (run === undefined) {
        let bounds = topicBounds.get(topic);
        if (bounds === undefined) topicBounds.set(topic, (bounds = store.bounds(topic)));
        runs.set(place, (run = { topic, partition, base: bounds[partition]!.high, records: [] }));
      }
      positions.push({ topic, partition, offset: run.base + run.records.length });
      run.records.push(encoded);
    }
  }
  for (const run of runs.values()) {
    putChunks(store, run, appendedAt);
    const bounds = topicBounds.get(run.topic)!;
    bounds[run.partition] = { ...bounds[run.partition]!, high: run.base + run.records.length };
  }
  for (const [topic, bounds] of topicBounds) store.putBounds(topic, bounds);
  return positions;
}

function putChunks(
  store: LmdbStore,
  run: {
    readonly topic: TopicName;
    readonly partition: number;
    readonly base: number;
    readonly records: readonly EncodedRecord[];
  },
  appendedAt: number,
): void {
  let first = 0;
  let bytes = 0;
  for (let index = 0; index <= run.records.length; index += 1) {
    const size = run.records[index]?.byteLength ?? 0;
    const isEnd = index === run.records.length;
    if (index > first && (isEnd || bytes + size > maxChunkBytes)) {
      store.chunks.putSync(
        [run.topic, run.partition, run.base + first],
        encodeChunk(run.records.slice(first, index), appendedAt),
      );
      first = index;
      bytes = 0;
    }
    bytes += size;
  }
}
