import type { ServiceName } from '@rapport/events';
import type { LogRecord, PartitionBatch } from '@rapport/event-log';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Outcome } from './consumer.js';

export interface ConsumerMetrics {
  batchBegun(): void;
  batchDone(batch: PartitionBatch, outcomes: ReadonlyMap<LogRecord, Outcome>, repeated: number, seconds: number): void;
  batchFailed(batch: PartitionBatch, kind: 'retriable' | 'defect' | 'fenced'): void;
}

export function createConsumerMetrics(registry: Registry, consumer: ServiceName): ConsumerMetrics {
  const { records, failures, lag, inHand, duration } = collectors(registry);
  return {
    batchBegun: () => inHand.inc({ consumer }),
    batchDone(batch, outcomes, repeated, seconds) {
      const { topic, partition } = batch;
      const counts = { handled: batch.records.length - repeated, skipped: 0, 'dead-letter': 0 };
      for (const { kind } of outcomes.values()) {
        if (kind === 'handled') continue;
        counts[kind] += 1;
        counts.handled -= 1;
      }
      for (const [outcome, count] of Object.entries({ ...counts, repeated })) {
        if (count > 0) records.inc({ consumer, topic, outcome }, count);
      }
      lag.set({ consumer, topic, partition }, Math.max(0, batch.highWatermark - batch.nextOffset));
      duration.observe({ consumer, topic }, seconds);
      inHand.dec({ consumer });
    },
    batchFailed({ topic }, kind) {
      failures.inc({ consumer, topic, kind });
      inHand.dec({ consumer });
    },
  };
}

/** Consumers of one process share a registry, in which a name may be registered once. */
function collectors(registry: Registry) {
  const once = <M>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make();
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    once(name, () => new Counter({ name, help, labelNames, registers: [registry] }));
  const gauge = (name: string, help: string, labelNames: string[]): Gauge =>
    once(name, () => new Gauge({ name, help, labelNames, registers: [registry] }));
  const duration = 'rapport_consumer_batch_seconds';
  return {
    records: counter('rapport_consumer_records_total', 'Records that left a consumer, by outcome', [
      'consumer',
      'topic',
      'outcome',
    ]),
    failures: counter('rapport_consumer_batch_failures_total', 'Batches that were rolled back, by kind of failure', [
      'consumer',
      'topic',
      'kind',
    ]),
    lag: gauge(
      'rapport_consumer_lag_records',
      'Records between a consumer and the end of a partition, after its last batch',
      ['consumer', 'topic', 'partition'],
    ),
    inHand: gauge('rapport_consumer_batches_in_hand', 'Batches that are being handled', ['consumer']),
    duration: once(
      duration,
      () =>
        new Histogram({
          name: duration,
          help: 'Time from receiving a batch to its commit, in seconds',
          labelNames: ['consumer', 'topic'],
          buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
          registers: [registry],
        }),
    ),
  };
}
