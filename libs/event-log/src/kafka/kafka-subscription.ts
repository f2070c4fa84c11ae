import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Kafka } from 'kafkajs';
import type { TopicName } from '@rapport/events';
import {
  lingerOf,
  type PartitionBounds,
  type RunningSubscription,
  type Subscription,
  type TopicPartition,
} from '../port/event-log.js';
import { asLogError } from './kafka-connections.js';
import { placeOf } from './kafka-record.js';
import { type FetchedBatch, type Fetching, PartitionFlow } from './partition-flow.js';

const sessionTimeoutMs = 10_000;
const heartbeatEveryMs = 1000;
const hintEveryMs = 1000;
const pauseAfterErrorMs = 500;

export interface KafkaParts {
  readonly kafka: Kafka;
  readonly bounds: (topic: TopicName) => Promise<readonly PartitionBounds[]>;
}

export function startKafkaSubscription(parts: KafkaParts, subscription: Subscription): RunningSubscription {
  const stopping = new AbortController();
  const running = keepRunning(parts, subscription, stopping.signal);
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

/** kafkajs gives up after errors it deems final; a subscription does not, so each crash is followed by a new session. */
async function keepRunning(parts: KafkaParts, subscription: Subscription, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      await new ConsumerSession(parts, subscription, stopping).run();
    } catch (error) {
      subscription.onError?.(asLogError(error));
      await sleep(pauseAfterErrorMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

function createConsumer(kafka: Kafka, { group, topics, lingerMs: linger }: Subscription): Consumer {
  const lingerMs = Math.min(...topics.map((topic) => lingerOf(linger, topic)));
  return kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatEveryMs,
    rebalanceTimeout: 30_000,
    allowAutoTopicCreation: false,
    // The linger of the port: a broker answers when this much has come together or the time is over.
    minBytes: lingerMs === 0 ? 1 : 256 * 1024,
    maxWaitTimeInMs: lingerMs === 0 ? 100 : Math.max(lingerMs, 5),
    maxBytesPerPartition: 1024 * 1024,
    maxBytes: 8 * 1024 * 1024,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5, restartOnFailure: async () => false },
  });
}

/** One consumer of kafkajs from connecting to its crash or the end of the subscription. */
class ConsumerSession implements Fetching {
  readonly #parts: KafkaParts;
  readonly #subscription: Subscription;
  readonly #stopping: AbortSignal;
  readonly #consumer: Consumer;
  #flows = new Map<string, PartitionFlow>();
  /** Ends the assignment in force; a later one waits until the handlers of this one are done. */
  #assignment = new AbortController();
  #settled: Promise<void> = Promise.resolve();

  constructor(parts: KafkaParts, subscription: Subscription, stopping: AbortSignal) {
    this.#parts = parts;
    this.#subscription = subscription;
    this.#stopping = stopping;
    this.#consumer = createConsumer(parts.kafka, subscription);
  }

  async run(): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const end = () => ended.resolve();
    this.#stopping.addEventListener('abort', end, { once: true });
    this.#consumer.on('consumer.crash', ({ payload }) => ended.reject(payload.error));
    this.#consumer.on('consumer.rebalancing', () => this.#revoke());
    this.#consumer.on('consumer.group_join', ({ payload }) => this.#assign(payload.memberAssignment));
    const hints = setInterval(() => void this.#commitHints(), hintEveryMs);
    try {
      await this.#start();
      if (!this.#stopping.aborted) await ended.promise;
    } finally {
      clearInterval(hints);
      this.#stopping.removeEventListener('abort', end);
      ended.promise.catch(() => undefined);
      this.#revoke();
      await this.#settled;
      await this.#commitHints();
      await this.#consumer.disconnect().catch(() => undefined);
    }
  }

  async #start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#subscription.topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset }) => {
        const { topic, partition } = batch;
        const taken = this.#flows.get(`${topic}/${partition}`)?.take(batch as FetchedBatch);
        if (taken !== undefined) resolveOffset(taken);
      },
    });
  }

  /** Called by kafkajs before the first fetch of an assignment: nothing may be fetched until positions are known. */
  #assign(assignment: Record<string, number[]>): void {
    this.#revoke();
    const partitions = Object.entries(assignment).flatMap(([topic, ofTopic]) =>
      ofTopic.map((partition) => ({ topic: topic as TopicName, partition })),
    );
    for (const partition of partitions) this.pause(partition);
    if (partitions.length === 0) return;
    const current = new AbortController();
    this.#assignment = current;
    this.#settled = this.#settled.then(() => this.#begin(partitions, current.signal));
  }

  async #begin(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const offsets = await this.#subscription.startFrom(partitions);
        const starts = await Promise.all(
          partitions.map((partition, index) => this.readableFrom(partition, offsets[index]!)),
        );
        if (signal.aborted) return;
        this.#subscription.onAssigned?.(partitions);
        partitions.forEach((partition, index) => {
          const flow = new PartitionFlow(partition, starts[index]!, this, this.#subscription);
          this.#flows.set(placeOf(partition), flow);
          flow.start();
        });
        return;
      } catch (error) {
        this.#subscription.onError?.(error);
        await sleep(pauseAfterErrorMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #revoke(): void {
    this.#assignment.abort();
    this.#settled = this.#settled.then(async () => {
      const flows = [...this.#flows.values()];
      if (flows.length === 0) return;
      await Promise.all(flows.map((flow) => flow.stop()));
      await this.#commitHints();
      this.#flows.clear();
      this.#subscription.onRevoked?.(flows.map(({ partition }) => partition));
    });
    // Those at work learn it now, not when the assignments before are through.
    for (const flow of this.#flows.values()) void flow.stop();
  }

  /** The positions that count are the subscriber's; these let tools that watch the lag of groups see something true. */
  async #commitHints(): Promise<void> {
    const offsets = [...this.#flows.values()].map(({ partition: { topic, partition }, position }) => ({
      topic,
      partition,
      offset: String(position),
    }));
    if (offsets.length > 0) await this.#consumer.commitOffsets(offsets).catch(() => undefined);
  }

  async readableFrom({ topic, partition }: TopicPartition, offset: number): Promise<number> {
    const { low, high } = (await this.#parts.bounds(topic))[partition]!;
    if (offset > high) {
      throw new Error(
        `The position ${offset} of ${topic}/${partition} is behind the end of the log (${high}). ` +
          'The stored positions belong to another log: give the service the log they belong to, or rebuild it with "npm run replay".',
      );
    }
    return Math.max(offset, low);
  }

  pause({ topic, partition }: TopicPartition): void {
    this.#consumer.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: TopicPartition): void {
    this.#consumer.resume([{ topic, partitions: [partition] }]);
  }

  seek({ topic, partition }: TopicPartition, offset: number): void {
    this.#consumer.seek({ topic, partition, offset: String(offset) });
  }
}
