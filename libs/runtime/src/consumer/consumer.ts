import type { LogEvent, LogEventName, LogEvents, ServiceName, TopicName } from '@rapport/events';
import type { Linger, LogRecord } from '@rapport/event-log';
import type { PoolClient } from 'pg';

/** A record of the log with its decoded event. */
export interface InputRecord {
  readonly record: LogRecord;
  readonly event: LogEvent;
  /** The person it is about was erased since. Only a consumer that says `seesErased` is given such a record. */
  readonly erased?: true;
}

/**
 * Where a record left the consumer; a closed set.
 * `retry` is not among the values a handler returns: it throws a `RetriableError`, and the whole batch is done again.
 */
export type Outcome =
  | { readonly kind: 'handled' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'dead-letter'; readonly reason: string };

/** An event to append, and which input it was computed from. */
export type Output = {
  [N in LogEventName]: {
    readonly topic: TopicName;
    readonly name: N;
    readonly key: string;
    readonly value: LogEvents[N];
    readonly causedBy: LogRecord;
  };
}[LogEventName];

export interface BatchResult {
  /** In the order they are to be appended; for one input, the order is part of their identity, so it must be deterministic. */
  readonly outputs?: readonly Output[];
  /** Outcomes other than `handled`, by input. */
  readonly outcomes?: ReadonlyMap<LogRecord, Outcome>;
}

/**
 * A consumer whose state lives in PostgreSQL: `handle` writes its effects through `tx`, and the runner stores the new
 * position and the outputs in the same transaction, then appends the outputs. A crash between the two repeats the append
 * with the same origins, which readers drop.
 */
export interface StatefulConsumer {
  readonly name: ServiceName;
  readonly topics: readonly TopicName[];
  /**
   * For a consumer with so much to say that keeping it in PostgreSQL until it is appended would cost too much: what is to be
   * decided for good, in a transaction of its own that commits first. Outputs are then appended before `handle` commits.
   * Where it is repeated after a crash, others may have changed the state in between: what it appends must come from what
   * was decided here, or the repetition would say something else under the same origins. Called with every record of
   * the batch, also those whose effect is known; must be idempotent. `isMute` as for `handle`, which is mute then too.
   */
  readonly prepare?: (batch: readonly InputRecord[], tx: PoolClient, isMute: boolean) => Promise<void>;
  /** Is given the records of erased people too, marked as such; for a consumer that has to account for every record. */
  readonly seesErased?: boolean;
  /** Whose a record is, where that is not what `peopleOfEvent` says. */
  readonly peopleOf?: (event: LogEvent) => readonly string[];
  /**
   * Topics with what this consumer decided when it was live, of one that rebuilds: they are read after the inputs, up to
   * the decisions on these. A decision that depends on the order in which topics are read cannot be computed again.
   */
  readonly decisions?: readonly TopicName[];
  /** `isMute`: whatever it has to say is on the log already, as in a rebuild, so that it need not be put together. */
  readonly handle: (batch: readonly InputRecord[], tx: PoolClient, isMute: boolean) => Promise<BatchResult>;
  readonly maxBatchRecords?: number;
  readonly lingerMs?: Linger;
}

/**
 * A consumer whose effect is outside PostgreSQL and is deduplicated there by a token (ClickHouse). The runner first
 * records which range it is about to apply, so that a batch is cut at the same offsets again after a crash.
 */
export interface TokenizedConsumer {
  readonly name: ServiceName;
  readonly topics: readonly TopicName[];
  /** Must give the same effect for the same `token`, and none the second time. */
  readonly apply: (batch: readonly InputRecord[], token: string) => Promise<ReadonlyMap<LogRecord, Outcome>>;
  readonly maxBatchRecords?: number;
  readonly lingerMs?: Linger;
}

/** Nothing is wrong with the input: a dependency is away or a transaction lost a race. The batch is done again later. */
export class RetriableError extends Error {
  override readonly name = 'RetriableError';
}
