import { setTimeout as sleep } from 'node:timers/promises';
import { defaultMaxBatchRecords, lingerOf, type Subscription, type TopicPartition } from '../port/event-log.js';
import type { LogParts } from './lmdb-subscription.js';

const firstPauseMs = 50;
const longestPauseMs = 5000;

export interface PartitionWork {
  readonly partition: TopicPartition;
  /** Fires the handler's signal and waits until the handler is done. */
  stop(): Promise<void>;
}

/** Hands the partition's records from `start` on to the handler, batch after batch, until stopped. */
export function workOnPartition(
  parts: Pick<LogParts, 'reader' | 'watch'>,
  subscription: Subscription,
  partition: TopicPartition,
  start: number,
): PartitionWork {
  const revoked = new AbortController();
  const running = run(parts, subscription, partition, start, revoked.signal);
  return {
    partition,
    async stop() {
      revoked.abort();
      await running;
    },
  };
}

async function run(
  { reader, watch }: Pick<LogParts, 'reader' | 'watch'>,
  { onBatch, onError, maxBatchRecords = defaultMaxBatchRecords, lingerMs }: Subscription,
  partition: TopicPartition,
  start: number,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMs = lingerOf(lingerMs, partition.topic);
  let position = start;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      checkPosition(position, partition, watch.boundsOf(partition).high);
      await watch.waitFor(partition, position, { signal });
      await watch.waitFor(partition, position + maxBatchRecords - 1, { signal, timeoutMs });
      if (signal.aborted) return;
      const highWatermark = watch.boundsOf(partition).high;
      const { records, nextOffset } = reader.read({
        ...partition,
        from: position,
        to: highWatermark,
        maxRecords: maxBatchRecords,
      });
      if (records.length === 0) {
        position = nextOffset;
        continue;
      }
      try {
        position = (await onBatch({ ...partition, records, nextOffset, highWatermark }, signal)).goOnFrom;
        pauseMs = firstPauseMs;
        continue;
      } catch {
        // The handler has told its own side what went wrong; for us it only means "not done".
      }
    } catch (error) {
      onError?.(error);
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** A position behind the end means that this log is not the one the position was stored for; going on would skip records. */
function checkPosition(position: number, { topic, partition }: TopicPartition, high: number): void {
  if (position <= high) return;
  throw new Error(
    `The position ${position} of ${topic}/${partition} is behind the end of the log (${high}). ` +
      'The stored positions belong to another log: give the service the log they belong to, or rebuild it with "npm run replay".',
  );
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
