import { type TopicName, topicNames, topics } from '@rapport/events';
import { GroupCommit } from '../appending/group-commit.js';
import { partitionOfKey } from '../partitioning/partition-of-key.js';
import {
  type EventLog,
  EventLogUnavailableError,
  type LogRecord,
  type RunningSubscription,
  type TopicPartition,
} from '../port/event-log.js';
import { encodeRecord } from './chunk.js';
import { HeadWatch } from './head-watch.js';
import { createLiveness } from './liveness.js';
import { type LmdbStore, openLmdbStore } from './lmdb-store.js';
import { startSubscription } from './lmdb-subscription.js';
import { type PlacedRecord, putRecords } from './put-records.js';
import { createReader, type Reader } from './reader.js';
import { compactPartition, trimTopic } from './shrink.js';

export interface LmdbEventLogOptions {
  /** Made when absent. On a local disk; shared by processes of one machine (and one process id namespace) only. */
  readonly folder: string;
  /** Partition count of topics that do not exist yet. */
  readonly partitions: number;
  /** Milliseconds since the epoch, for `appendedAt`. */
  readonly clock: () => number;
  /** Told what goes wrong between calls (a heartbeat that could not be written). */
  readonly onError?: (error: unknown) => void;
}

export interface LmdbEventLog extends EventLog {
  /** Drops what was appended to the topic before `before` (milliseconds since the epoch). Never happens by itself. */
  trim(topic: TopicName, before: number): Promise<void>;
}

const readAtOnce = 1000;
const compactEveryMs = 60 * 60_000;
/** A reader that was away for less sees every deletion. Kafka's topics are given the same time. */
export const tombstoneRetentionMs = 90 * 24 * 60 * 60_000;

/** The event log of embedded Rapport: durable and partitioned like Kafka, in one LMDB folder. */
export function createLmdbEventLog(options: LmdbEventLogOptions): LmdbEventLog {
  const { folder, partitions, clock, onError = () => undefined } = options;
  const store = openLmdbStore(folder);
  const reader = createReader(store);
  const watch = new HeadWatch(store);
  const liveness = createLiveness(store, onError);
  const commits = new GroupCommit<PlacedRecord, TopicPartition & { readonly offset: number }>({
    commit: async (records) => {
      const positions = await store.write(() => putRecords(store, records, clock()));
      watch.refresh();
      return positions;
    },
    maxCommitBytes: 16 * 1024 * 1024,
    maxQueuedBytes: 256 * 1024 * 1024,
  });
  const running = new Set<RunningSubscription>();
  const partitionCount = countPartitions(store);
  const compaction = compactRegularly(store, clock, onError);
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    await Promise.all([...running].map((subscription) => subscription.stop()));
    await compaction.stop();
    watch.close();
    await commits.close();
    await liveness.stop();
    await store.close();
  }

  return {
    async append(records) {
      if (closed !== undefined)
        throw new EventLogUnavailableError('The event log is closed; it takes no records any more.');
      let bytes = 0;
      const placed = records.map((record): PlacedRecord => {
        const encoded = encodeRecord(record);
        bytes += encoded.byteLength;
        return { topic: record.topic, partition: partitionOfKey(encoded.key, partitionCount(record.topic)), encoded };
      });
      return commits.add(placed, bytes);
    },
    async subscribe(subscription) {
      subscription.topics.forEach(partitionCount);
      const started = await startSubscription({ store, reader, watch, liveness }, subscription);
      const handle: RunningSubscription = { stop: () => started.stop().finally(() => running.delete(handle)) };
      running.add(handle);
      return handle;
    },
    read: (range) => readRange(store, reader, range),
    async bounds(topic) {
      store.refresh();
      return store.bounds(topic);
    },
    ensureTopics: () => store.write(() => addMissingTopics(store, partitions)),
    trim: (topic, before) => trimTopic(store, topic, before),
    compact: (topic) => compactTopic(store, topic, clock()).then(() => 'done'),
    close: () => (closed ??= close()),
  };
}

/** Topics and their partition counts never change once they exist. */
function countPartitions(store: LmdbStore): (topic: TopicName) => number {
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

function addMissingTopics(store: LmdbStore, partitions: number): void {
  for (const topic of topicNames.filter((name) => store.bounds(name).length === 0)) {
    store.putBounds(
      topic,
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition, low: 0, high: 0 })),
    );
  }
}

async function* readRange(
  store: LmdbStore,
  reader: Reader,
  { topic, partition, from, to }: TopicPartition & { readonly from: number; readonly to?: number },
): AsyncGenerator<LogRecord[]> {
  store.refresh();
  const bounds = store.bounds(topic)[partition];
  if (bounds === undefined) throw new Error(`The event log has no partition ${partition} of the topic ${topic}.`);
  const end = Math.min(to ?? bounds.high, bounds.high);
  let position = Math.max(from, bounds.low);
  while (position < end) {
    store.refresh();
    const { records, nextOffset } = reader.read({ topic, partition, from: position, to: end, maxRecords: readAtOnce });
    position = nextOffset;
    if (records.length > 0) yield records;
  }
}

async function compactTopic(store: LmdbStore, topic: TopicName, now: number): Promise<void> {
  if (topics[topic].cleanup !== 'compact')
    throw new Error(`The topic ${topic} is not compacted: each of its records counts.`);
  store.refresh();
  for (const partition of store.bounds(topic)) await compactPartition(store, partition, now - tombstoneRetentionMs);
}

function compactRegularly(store: LmdbStore, clock: () => number, onError: (error: unknown) => void) {
  const compacted = topicNames.filter((topic) => topics[topic].cleanup === 'compact');
  let doneTo = '';
  let current: Promise<void> = Promise.resolve();
  const compact = async () => {
    store.refresh();
    const end = JSON.stringify(compacted.map((topic) => store.bounds(topic)));
    if (end === doneTo) return;
    for (const topic of compacted) await compactTopic(store, topic, clock());
    doneTo = end;
  };
  const timer = setInterval(() => {
    current = current.then(compact).catch(onError);
  }, compactEveryMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      return current;
    },
  };
}
