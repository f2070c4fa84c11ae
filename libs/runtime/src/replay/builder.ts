import type { LogRecord, TopicPartition } from '@rapport/event-log';
import { decodeBatch } from '../consumer/decode-batch.js';
import { waitsForInputs } from '../consumer/inputs-before-timers.js';
import { after, isRetriable, processIsolating } from '../consumer/isolate-failure.js';
import type { BatchToProcess } from '../consumer/process-batch.js';
import { isolationOf, type Consumer } from '../consumer/run-consumer.js';
import type { Platform } from '../platform/platform.js';
import { openCursor } from './partition-cursor.js';

/** A stretch of a partition: offsets from `from` up to, without, `until`. */
export interface Stretch extends TopicPartition {
  readonly from: number;
  readonly until: number;
  /** Records of a batch at most. */
  readonly maxBatchRecords: number;
}

/** A stretch that is handled record after record, as far as it is told to. */
export interface PartitionReading extends TopicPartition {
  /** All before this offset is handled. */
  readonly position: number;
  /** Append time of the next record; `undefined` at the end. */
  peek(): Promise<number | undefined>;
  /** Handles what was appended no later than `notAfter`. */
  advance(notAfter: number): Promise<void>;
}

/** What has the consumer of a copy handle the log: in the same thread, or in another. */
export interface Builder {
  read(stretch: Stretch): PartitionReading;
  /** Resolves when nothing is in hand any more. */
  close(): Promise<void>;
}

export interface BuilderOptions {
  /** Told of every batch that is done. */
  readonly onHandled: (records: number) => void;
}

/** Builds in this thread. */
export function createBuilder(consumer: Consumer, platform: Platform, { onHandled }: BuilderOptions): Builder {
  const isolation = isolationOf(consumer, platform, platform.logger);
  let isClosed = false;

  const handle = async (work: BatchToProcess): Promise<number> => {
    let left = work;
    while (left.expected < work.batch.nextOffset) {
      const processed = await untilNoRaceIsLost(() => processIsolating(isolation, left));
      if (processed.kind === 'fenced') throw new Error(`another rebuild of ${consumer.name} is under way`);
      left = after(processed.position, left);
    }
    return left.expected;
  };

  // A timer waits for all that stood before it, which cuts batches small; nobody does anything with the timer of another.
  const isOwnTimer = (record: LogRecord): boolean => {
    const [input] = decodeBatch([record], platform.codec).inputs;
    return input?.event.name !== 'timer-fired' || input.event.value.owner === consumer.name;
  };

  return {
    read(stretch) {
      const { topic, partition } = stretch;
      const cursor = openCursor(platform.eventLog, stretch, waitsForInputs(consumer, topic) ? isOwnTimer : undefined);
      let position = stretch.from;
      return {
        topic,
        partition,
        get position() {
          return position;
        },
        peek: () => cursor.peek(),
        async advance(notAfter) {
          for (;;) {
            const batch = isClosed ? undefined : await cursor.take(notAfter, stretch.maxBatchRecords);
            if (!batch) return;
            position = await handle({ batch, expected: position });
            onHandled(batch.records.length + batch.leftOut);
          }
        },
      };
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

/** Builders may meet on one person in PostgreSQL: one goes first, the other again. */
async function untilNoRaceIsLost<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetriable(error) || attempt >= 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
    }
  }
}
