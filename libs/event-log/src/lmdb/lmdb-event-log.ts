import { type TopicName, topicNames } from '@rapport/events';
import type { EventLog, LogRecord, RunningSubscription } from '../port/event-log.js';
import { createAppender } from './appender.js';
import { createHeadWatch } from './head-watch.js';
import { createLiveness } from './liveness.js';
import { openLmdbStore } from './lmdb-store.js';
import { startSubscription } from './lmdb-subscription.js';
import { createReader } from './reader.js';

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

const readChunkRecords = 1000;

/** The event log of embedded Rapport: durable and partitioned like Kafka, in one LMDB folder. */
export function createLmdbEventLog(options: LmdbEventLogOptions): EventLog {
  const { folder, partitions, clock, onError = () => undefined } = options;
  const store = openLmdbStore(folder);
  const reader = createReader(store);
  const watch = createHeadWatch(store);
  const liveness = createLiveness(store, onError);
  const appender = createAppender({ store, clock, onCommitted: () => watch.refresh() });
  const running = new Set<RunningSubscription>();
  let closed: Promise<void> | undefined;

  function currentBounds(topic: TopicName) {
    store.refresh();
    return store.bounds(topic);
  }

  async function* read(topic: TopicName, partition: number, from: number, to?: number): AsyncGenerator<LogRecord[]> {
    const bounds = currentBounds(topic)[partition];
    if (bounds === undefined) throw new Error(`The event log has no partition ${partition} of the topic ${topic}.`);
    const end = Math.min(to ?? bounds.high, bounds.high);
    let position = Math.max(from, bounds.low);
    while (position < end) {
      store.refresh();
      const result = reader.read({ topic, partition, from: position, to: end, maxRecords: readChunkRecords });
      position = result.nextOffset;
      if (result.records.length > 0) yield result.records;
    }
  }

  async function close(): Promise<void> {
    await Promise.all([...running].map((subscription) => subscription.stop()));
    watch.close();
    await appender.close();
    await liveness.stop();
    await store.close();
  }

  return {
    append: (records) => appender.append(records),
    async subscribe(subscription) {
      for (const topic of subscription.topics) {
        if (currentBounds(topic).length === 0)
          throw new Error(`The topic ${topic} does not exist in the event log; call ensureTopics() first.`);
      }
      const started = await startSubscription({ store, reader, watch, liveness }, subscription);
      const handle: RunningSubscription = { stop: () => started.stop().finally(() => running.delete(handle)) };
      running.add(handle);
      return handle;
    },
    read: ({ topic, partition, from, to }) => read(topic, partition, from, to),
    bounds: async (topic) => currentBounds(topic),
    async ensureTopics() {
      await store.write(() => {
        for (const topic of topicNames.filter((name) => store.bounds(name).length === 0)) {
          store.putBounds(
            topic,
            Array.from({ length: partitions }, (_, partition) => ({ topic, partition, low: 0, high: 0 })),
          );
        }
      });
    },
    close: () => (closed ??= close()),
  };
}
