import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from 'kafkajs';
import { defaultMaxBatchRecords, type LogRecord, type Subscription, type TopicPartition } from '../port/event-log.js';
import { toLogRecord } from './kafka-record.js';

const firstPauseMs = 50;
const longestPauseMs = 5000;

/** kafkajs's batch; its types leave out the offset that was asked for. */
export type FetchedBatch = Batch & { readonly fetchedOffset: string };

/** What a flow asks of the consumer that fetches for it. */
export interface Fetching {
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /** Checks that the log has this offset, and answers the first readable one at or behind it. */
  readableFrom(partition: TopicPartition, offset: number): Promise<number>;
  seek(partition: TopicPartition, offset: number): void;
}

/**
 * One assigned partition: takes what kafkajs fetched and hands it to the handler in batches. The fetch loop of kafkajs
 * waits for everything it handed over before it fetches again from that broker, so a flow takes records at once and
 * pauses its partition while enough of them wait.
 */
export class PartitionFlow {
  readonly partition: TopicPartition;
  readonly #fetching: Fetching;
  readonly #subscription: Subscription;
  readonly #maxBatchRecords: number;
  readonly #revoked = new AbortController();
  #waiting: LogRecord[] = [];
  #fetchFrom: number;
  /** Set after a seek: a fetch that was on its way may still bring records from elsewhere, once. */
  #justSought = true;
  #highWatermark = 0;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;
  /** Offset the handler goes on from; what the brokers are told as a hint. */
  position: number;

  constructor(partition: TopicPartition, start: number, fetching: Fetching, subscription: Subscription) {
    this.partition = partition;
    this.position = start;
    this.#fetchFrom = start;
    this.#fetching = fetching;
    this.#subscription = subscription;
    this.#maxBatchRecords = subscription.maxBatchRecords ?? defaultMaxBatchRecords;
  }

  start(): void {
    this.#fetching.seek(this.partition, this.#fetchFrom);
    this.#fetching.resume(this.partition);
    this.#running = this.#run();
  }

  /** Fires the handler's signal; resolves when the handler is done. */
  async stop(): Promise<void> {
    this.#revoked.abort();
    this.#wake?.();
    await this.#running;
  }

  /** Answers the offset up to which the batch was taken, or `undefined` if it is not the one expected. */
  take(batch: FetchedBatch): string | undefined {
    if (this.#revoked.signal.aborted) return undefined;
    const fetchedFrom = Number(batch.fetchedOffset);
    if (this.#justSought && fetchedFrom !== this.#fetchFrom) {
      this.#justSought = false;
      this.#fetching.seek(this.partition, this.#fetchFrom);
      return undefined;
    }
    if (fetchedFrom < this.#fetchFrom) {
      // kafkajs starts at the beginning by itself when a broker has lost the offset.
      const { topic, partition } = this.partition;
      const error = new Error(`The log no longer has the offset ${this.#fetchFrom} of ${topic}/${partition}.`);
      this.#subscription.onError?.(error);
      this.#fetching.seek(this.partition, this.#fetchFrom);
      return undefined;
    }
    this.#justSought = false;
    this.#fetchFrom = Number(batch.lastOffset()) + 1;
    this.#highWatermark = Number(batch.highWatermark);
    for (const message of batch.messages) {
      this.#waiting.push(toLogRecord(this.partition.topic, this.partition.partition, message));
    }
    if (this.#waiting.length >= this.#maxBatchRecords) this.#fetching.pause(this.partition);
    this.#wake?.();
    return batch.lastOffset();
  }

  async #run(): Promise<void> {
    const { signal } = this.#revoked;
    while (!signal.aborted) {
      if (this.#waiting.length === 0) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const records = this.#waiting.splice(0, this.#maxBatchRecords);
      if (this.#waiting.length < this.#maxBatchRecords) this.#fetching.resume(this.partition);
      const nextOffset = this.#waiting[0]?.offset ?? this.#fetchFrom;
      const goOnFrom = await this.#handle(records, nextOffset);
      if (goOnFrom === undefined) return;
      if (goOnFrom !== nextOffset) await this.#seek(goOnFrom);
      this.position = goOnFrom;
    }
  }

  /** Calls the handler until it is done with the records; `undefined` if the partition was taken away before. */
  async #handle(records: readonly LogRecord[], nextOffset: number): Promise<number | undefined> {
    const { signal } = this.#revoked;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      const highWatermark = Math.max(this.#highWatermark, nextOffset);
      try {
        const batch = { ...this.partition, records, nextOffset, highWatermark };
        return (await this.#subscription.onBatch(batch, signal)).goOnFrom;
      } catch {
        // The handler has told its own side what went wrong; for us it only means "not done".
        await pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
    return undefined;
  }

  async #seek(offset: number): Promise<void> {
    const { signal } = this.#revoked;
    this.#fetching.pause(this.partition);
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      try {
        this.#fetchFrom = await this.#fetching.readableFrom(this.partition, offset);
        this.#waiting = [];
        this.#justSought = true;
        this.#fetching.seek(this.partition, this.#fetchFrom);
        this.#fetching.resume(this.partition);
        return;
      } catch (error) {
        this.#subscription.onError?.(error);
        await pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
