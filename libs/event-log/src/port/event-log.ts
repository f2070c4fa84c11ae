import type { TopicName } from '@rapport/events';

/**
 * Where the input of a computed record stood. A consumer stamps it on everything it appends, so that a reader can drop
 * what a repeated computation appends again.
 */
export interface Origin {
  /** Service (consumer) that computed the record. */
  readonly producer: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** Counts the records computed from one input, from 0. */
  readonly sequence: number;
}

/** A record as it stands on the log. `offset` grows by at least 1 within a partition; gaps are allowed. */
export interface LogRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** Append time, milliseconds since the epoch. */
  readonly appendedAt: number;
  readonly key: string;
  /** `null` is a tombstone (compacted topics only). */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: Origin | undefined;
}

export interface RecordToAppend {
  readonly topic: TopicName;
  /** Records of one key keep their order. The partition is murmur2 of the key's UTF-8 bytes, as Java's producer does it. */
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: Origin;
}

export interface TopicPartition {
  readonly topic: TopicName;
  readonly partition: number;
}

/** `low`: first readable offset; `high`: offset the next record will get. */
export interface PartitionBounds extends TopicPartition {
  readonly low: number;
  readonly high: number;
}

/** A run of records of one partition in log order, none left out but what the log itself no longer holds. */
export interface PartitionBatch extends TopicPartition {
  readonly records: readonly LogRecord[];
  /** Offset to go on from after this batch. */
  readonly nextOffset: number;
  /** `high` of the partition when the batch was read, for lag. */
  readonly highWatermark: number;
}

/** What a handler of batches says: go on after `nextOffset`, or read again from another offset (it was fenced, or refused part). */
export type BatchVerdict = { readonly goOnFrom: number };

/** What a batch costs beside its records is shared by so many; with 2,000 a backlog cost half as much CPU again an event. */
export const defaultMaxBatchRecords = 10_000;

/**
 * How long a partition may wait for a fuller batch, milliseconds, of all topics or by topic: the trade of latency against
 * the cost of one transaction a batch.
 */
export type Linger = number | ((topic: TopicName) => number);

const defaultLingerMs = 50;

export function lingerOf(linger: Linger | undefined, topic: TopicName): number {
  if (linger === undefined) return defaultLingerMs;
  return typeof linger === 'number' ? linger : linger(topic);
}

export interface Subscription {
  /** Consumer group; members of one group share the partitions among them. */
  readonly group: string;
  readonly topics: readonly TopicName[];
  /** Asked on every assignment; the offset to start from. The log's own committed offset is never trusted. */
  readonly startFrom: (partitions: readonly TopicPartition[]) => Promise<readonly number[]>;
  /**
   * Called with one batch of a partition at a time, partitions side by side. A rejected promise means "not done":
   * the same position is read again after a pause. `signal` fires when the partition is taken away or on shutdown.
   */
  readonly onBatch: (batch: PartitionBatch, signal: AbortSignal) => Promise<BatchVerdict>;
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => void;
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => void;
  /** A failure outside a handler (broker away, lost session); the subscription goes on by itself. */
  readonly onError?: (error: unknown) => void;
  /** Upper bound of records in a batch. Default `defaultMaxBatchRecords`. */
  readonly maxBatchRecords?: number;
  /** Default 50. Kafka waits for all topics of a group as long as for the most urgent one. */
  readonly lingerMs?: Linger;
}

export interface RunningSubscription {
  /** Stops fetching, lets the batches in hand finish, leaves the group. */
  stop(): Promise<void>;
}

/**
 * The event log: the one port with two adapters (Apache Kafka, LMDB), which pass the same contract suite.
 * Errors: `EventLogUnavailableError` where a later try may succeed; everything else is a defect.
 */
export interface EventLog {
  /** Durable (fsynced, or acknowledged by all in-sync replicas) when it resolves; all or an error. Returns positions in order. */
  append(records: readonly RecordToAppend[]): Promise<readonly (TopicPartition & { readonly offset: number })[]>;
  subscribe(subscription: Subscription): Promise<RunningSubscription>;
  /** Reads `[from, to)` of one partition, in chunks; ends at the high watermark seen at the start when `to` is absent. */
  read(range: TopicPartition & { readonly from: number; readonly to?: number }): AsyncIterable<readonly LogRecord[]>;
  bounds(topic: TopicName): Promise<readonly PartitionBounds[]>;
  /** Creates the topics that are missing. Never changes the partition count of one that exists. */
  ensureTopics(): Promise<void>;
  /** Drops what newer records of the same key replace on a compacted topic; a broker does so by itself, within a day. */
  compact(topic: TopicName): Promise<'done' | 'left-to-broker'>;
  close(): Promise<void>;
}

export class EventLogUnavailableError extends Error {
  override readonly name = 'EventLogUnavailableError';
  /** Seconds after which a sender should try again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, options: { readonly cause?: unknown; readonly retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
