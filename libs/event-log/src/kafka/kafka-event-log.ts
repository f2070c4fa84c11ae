import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { type TopicName, topicNames, topics } from '@rapport/events';
import {
  EventLogUnavailableError,
  type EventLog,
  type PartitionBounds,
  type RunningSubscription,
} from '../port/event-log.js';
import { createKafka, type KafkaAddress, lazyAdmin } from './kafka-connections.js';
import { createKafkaAppender, maxRecordBytes } from './kafka-producer.js';
import { createKafkaReader } from './kafka-reader.js';
import { startKafkaSubscription } from './kafka-subscription.js';

export interface KafkaEventLogOptions extends KafkaAddress {
  /** Partition count of topics that do not exist yet. */
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** A reader that was away for less sees every deletion; as long as the embedded log keeps them. */
const tombstoneRetentionMs = 90 * 24 * 60 * 60_000;
/** A loaded broker takes seconds to elect leaders of some hundred new partitions. */
const leadersWithinMs = 60_000;
const leadersPollMs = 200;

/** The event log on Apache Kafka. Connects on first use. */
export function createKafkaEventLog(options: KafkaEventLogOptions): EventLog {
  const kafka: Kafka = createKafka(options);
  const admin = lazyAdmin(kafka);
  const appender = createKafkaAppender(kafka);
  const reader = createKafkaReader(kafka);
  const running = new Set<RunningSubscription>();
  const counts = new Map<TopicName, Promise<number>>();
  let closed: Promise<void> | undefined;

  async function bounds(topic: TopicName): Promise<PartitionBounds[]> {
    const offsets = await admin.use((connected) => connected.fetchTopicOffsets(topic));
    return offsets
      .map(({ partition, low, high }) => ({ topic, partition, low: Number(low), high: Number(high) }))
      .sort((left, right) => left.partition - right.partition);
  }

  /** Asked once a process: a topic's partition count is never changed, it would move keys to other partitions. */
  function partitionCount(topic: TopicName): Promise<number> {
    let count = counts.get(topic);
    if (count === undefined) {
      count = admin
        .use((connected) => connected.fetchTopicMetadata({ topics: [topic] }))
        .then(({ topics: [found] }) => found!.partitions.length);
      count.catch(() => counts.delete(topic));
      counts.set(topic, count);
    }
    return count;
  }

  async function close(): Promise<void> {
    await Promise.all([...running].map((subscription) => subscription.stop()));
    await appender.close();
    await Promise.all([reader.close(), admin.close()]);
  }

  return {
    append: (records) => appender.append(records, partitionCount),
    async subscribe(subscription) {
      const started = startKafkaSubscription({ kafka, bounds }, subscription);
      const handle: RunningSubscription = { stop: () => started.stop().finally(() => running.delete(handle)) };
      running.add(handle);
      return handle;
    },
    async *read({ topic, partition, from, to }) {
      const found = (await bounds(topic))[partition];
      if (found === undefined) throw new Error(`The event log has no partition ${partition} of the topic ${topic}.`);
      const range = { from: Math.max(from, found.low), to: Math.min(to ?? found.high, found.high) };
      yield* reader.read({ topic, partition, ...range });
    },
    bounds,
    async ensureTopics() {
      await createMissing(admin, options);
      await leadersAnswer(bounds);
    },
    compact: async () => 'left-to-broker',
    close: () => (closed ??= close()),
  };
}

async function createMissing(admin: ReturnType<typeof lazyAdmin>, options: KafkaEventLogOptions): Promise<void> {
  const existing = await admin.use((connected) => connected.listTopics());
  const missing = topicNames.filter((topic) => !existing.includes(topic));
  if (missing.length === 0) return;
  const wanted = missing.map((topic) => topicConfig(topic, options));
  // Answers false, not an error, where another process was faster.
  await admin.use((connected) => connected.createTopics({ waitForLeaders: false, topics: wanted }));
}

/** Leaders are elected after a topic was made, by whichever process, and one that is known may still refuse for a moment. */
async function leadersAnswer(bounds: (topic: TopicName) => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + leadersWithinMs;
  for (const topic of topicNames) {
    while (!(await answers(() => bounds(topic), giveUpAt))) await sleep(leadersPollMs);
  }
}

async function answers(ask: () => Promise<unknown>, giveUpAt: number): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!(error instanceof EventLogUnavailableError) || performance.now() > giveUpAt) throw error;
    return false;
  }
}

function topicConfig(topic: TopicName, { partitions, replicationFactor }: KafkaEventLogOptions) {
  const cleanup =
    topics[topic].cleanup === 'compact'
      ? {
          'cleanup.policy': 'compact',
          'delete.retention.ms': tombstoneRetentionMs,
          // An erased key is off the broker's disk after a day, however little is written.
          'max.compaction.lag.ms': 24 * 60 * 60_000,
        }
      : { 'cleanup.policy': 'delete', 'retention.ms': -1, 'retention.bytes': -1 };
  const entries = {
    ...cleanup,
    // The brokers' clock: one for all writers, and none of theirs can make a record unacceptable.
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': Math.max(1, replicationFactor - 1),
    'max.message.bytes': maxRecordBytes,
  };
  return {
    topic,
    numPartitions: partitions,
    replicationFactor,
    configEntries: Object.entries(entries).map(([name, value]) => ({ name, value: String(value) })),
  };
}
