import type { PartitionBatch, RunningSubscription, TopicPartition } from '@rapport/event-log';
import { isRaceLost } from '@rapport/profile-db';
import type { Logger } from 'pino';
import type { Platform } from '../platform/platform.js';
import { RetriableError, type StatefulConsumer, type TokenizedConsumer } from './consumer.js';
import { createConsumerMetrics, type Lag } from './consumer-metrics.js';
import { inputsHandled, waitsForInputs } from './inputs-before-timers.js';
import { isRetriable, processIsolating, type Isolation } from './isolate-failure.js';
import { readPositions } from './positions.js';
import { appendLeft } from './unappended.js';
import { processStateful, processTokenized, type BatchToProcess, type Processed } from './process-batch.js';

export type Consumer = StatefulConsumer | TokenizedConsumer;

/**
 * Subscribes a consumer. Its group is its name; where it stands is in PostgreSQL, with its effect, and the log's own
 * idea of a committed offset is only a hint for lag tools.
 */
export async function runConsumer(consumer: Consumer, platform: Platform): Promise<RunningSubscription> {
  const logger = platform.logger.child({ consumer: consumer.name });
  const isolation = isolationOf(consumer, platform, logger);
  const expected = new Map<string, number>();
  const metrics = createConsumerMetrics(platform.metrics, consumer.name, () =>
    lagsOf(expected, consumer, platform.eventLog),
  );

  const onBatch = async (batch: PartitionBatch, signal: AbortSignal): Promise<{ goOnFrom: number }> => {
    if (waitsForInputs(consumer, batch.topic) && !(await inputsHandled(platform, consumer, signal))) {
      logger.warn({ at: partitionName(batch) }, 'timers no longer wait: other partitions of this consumer do not move');
    }
    const startedAt = process.hrtime.bigint();
    const at = partitionName(batch);
    metrics.batchBegun();
    try {
      const processed = await processIsolating(isolation, { batch, expected: expected.get(at) ?? 0 });
      expected.set(at, processed.position);
      if (processed.kind === 'fenced') {
        logger.info({ at, position: processed.position }, 'fenced: another member went on');
        metrics.batchFailed(batch, 'fenced');
      } else {
        const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
        metrics.batchDone(batch, processed.outcomes, processed.repeated, seconds);
      }
      return { goOnFrom: processed.position };
    } catch (error) {
      metrics.batchFailed(batch, isRetriable(error) ? 'retriable' : 'defect');
      // Two batches that met in PostgreSQL are nothing to look at: one goes first, the other again.
      const level = isRaceLost(error) ? 'debug' : 'warn';
      logger[level](
        { at, offset: batch.records[0]?.offset, error: describeError(error) },
        'batch rolled back; will retry',
      );
      throw error;
    }
  };

  return platform.eventLog.subscribe({
    group: consumer.name,
    topics: consumer.topics,
    ...(consumer.maxBatchRecords === undefined ? {} : { maxBatchRecords: consumer.maxBatchRecords }),
    ...(consumer.lingerMs === undefined ? {} : { lingerMs: consumer.lingerMs }),
    startFrom: async (partitions) => {
      await appendLeft(platform, consumer.name, partitions);
      const positions = await readPositions(platform.postgres, consumer.name, partitions);
      partitions.forEach((partition, i) => expected.set(partitionName(partition), positions[i] ?? 0));
      return positions;
    },
    onBatch,
    onAssigned: (partitions) => logger.debug({ partitions: partitions.map(partitionName) }, 'assigned'),
    onRevoked: (partitions) => {
      for (const partition of partitions) expected.delete(partitionName(partition));
      logger.debug({ partitions: partitions.map(partitionName) }, 'revoked');
    },
    onError: (error) => logger.warn({ error: describeError(error) }, 'subscription interrupted; it goes on by itself'),
  });
}

/** Of the partitions with a known position, which are those this member works on. */
async function lagsOf(
  positions: ReadonlyMap<string, number>,
  { topics }: Consumer,
  eventLog: Platform['eventLog'],
): Promise<readonly Lag[]> {
  const bounds = await Promise.all(topics.map((topic) => eventLog.bounds(topic)));
  return bounds.flat().flatMap(({ topic, partition, low, high }) => {
    const position = positions.get(partitionName({ topic, partition }));
    return position === undefined ? [] : [{ topic, partition, records: high - Math.max(low, position) }];
  });
}

/** How a batch of this consumer is processed and, as a last resort, one record given up. Live runs and replays share it. */
export function isolationOf(consumer: Consumer, platform: Platform, logger: Logger): Isolation {
  return {
    process: (work) => processBatch(consumer, platform, work),
    giveUp: (work, reason) => processBatch(givingUp(consumer, reason), platform, work),
    onDefect: (error, batch) =>
      logger.error(
        { at: partitionName(batch), records: batch.records.length, error: describeError(error) },
        'a record cannot be handled; narrowing it down',
      ),
  };
}

async function processBatch(consumer: Consumer, platform: Platform, work: BatchToProcess): Promise<Processed> {
  if ('handle' in consumer) return processStateful(consumer, platform, work);
  try {
    return await processTokenized(consumer, platform, work);
  } catch (error) {
    // A planned range may not be cut anew, so it cannot be narrowed down here: `apply` isolates bad rows itself.
    throw new RetriableError('the planned range was not applied', { cause: error });
  }
}

function givingUp(consumer: Consumer, reason: string): Consumer {
  if (!('handle' in consumer)) return consumer;
  const outcome = { kind: 'dead-letter', reason } as const;
  const { prepare: _notAgain, ...rest } = consumer;
  return {
    ...rest,
    handle: async (batch) => ({ outcomes: new Map(batch.map(({ record }) => [record, outcome])) }),
  };
}

function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** Name, code and our own messages; never the `detail` of a database error, which quotes values. */
export function describeError(error: unknown): {
  name: string;
  code?: string;
  message: string;
  stack?: string;
  cause?: unknown;
} {
  if (!(error instanceof Error)) return { name: 'unknown', message: 'a value that is no Error was thrown' };
  const code = (error as { code?: unknown }).code;
  const quotesValues = error.constructor.name === 'DatabaseError' || error instanceof SyntaxError;
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: quotesValues ? 'not shown: it can quote personal values' : error.message,
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack.split('\n').slice(1, 8).join('\n') }),
  };
}
