import type { ServiceName } from '@rapport/events';
import type { LogRecord, PartitionBatch } from '@rapport/event-log';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Outcome } from './consumer.js';

export interface ConsumerMetrics {
  batchDone(batch: PartitionBatch, outcomes: ReadonlyMap<LogRecord, Outcome>, repeated: number, seconds: number): void;
  batchFailed(batch: PartitionBatch, kind: 'retriable' | 'defect' | 'fenced'): void;
}

export function createConsumerMetrics(registry: Registry, consumer: ServiceName): ConsumerMetrics {
  const { records, failures, lag, duration } = collectors(registry);
  return {
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
    },
    batchFailed: ({ topic }, kind) => failures.inc({ consumer, topic, kind }),
  };
}

function collectors(registry: Registry) {
  const registers = [registry];
  return {
    records:
      (registry.getSingleMetric('rapport_consumer_records_total') as Counter | undefined) ??
      new Counter({
        name: 'rapport_consumer_records_total',
        help: 'Records that left a consumer, by outcome',
        labelNames: ['consumer', 'topic', 'outcome'],
        registers,
      }),
    failures:
      (registry.getSingleMetric('rapport_consumer_batch_failures_total') as Counter | undefined) ??
      new Counter({
        name: 'rapport_consumer_batch_failures_total',
        help: 'Batches that were rolled back, by kind of failure',
        labelNames: ['consumer', 'topic', 'kind'],
        registers,
      }),
    lag:
      (registry.getSingleMetric('rapport_consumer_lag_records') as Gauge | undefined) ??
      new Gauge({
        name: 'rapport_consumer_lag_records',
        help: 'Records between a consumer and the end of a partition, after its last batch',
        labelNames: ['consumer', 'topic', 'partition'],
        registers,
      }),
    duration:
      (registry.getSingleMetric('rapport_consumer_batch_seconds') as Histogram | undefined) ??
      new Histogram({
        name: 'rapport_consumer_batch_seconds',
        help: 'Time from receiving a batch to its commit, in seconds',
        labelNames: ['consumer', 'topic'],
        buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
        registers,
      }),
  };
}
