import type { ServiceName } from '@rapport/events';
import type { LogRecord, PartitionBatch, TopicPartition } from '@rapport/event-log';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Outcome } from './consumer.js';

export interface ConsumerMetrics {
  batchBegun(): void;
  batchDone(batch: PartitionBatch, outcomes: ReadonlyMap<LogRecord, Outcome>, repeated: number, seconds: number): void;
  batchFailed(batch: PartitionBatch, kind: 'retriable' | 'defect' | 'fenced'): void;
}

/** How far a consumer stands from the end of a partition it works on. */
export interface Lag extends TopicPartition {
  readonly records: number;
}

/** `lagsNow` is asked whenever somebody looks at the metrics. */
export function createConsumerMetrics(
  registry: Registry,
  consumer: ServiceName,
  lagsNow: () => Promise<readonly Lag[]>,
): ConsumerMetrics {
  const { records, failures, lag, inHand, duration } = collectors(registry);
  lag.add(consumer, lagsNow);
  return {
    batchBegun: () => inHand.inc({ consumer }),
    batchDone(batch, outcomes, repeated, seconds) {
      const { topic } = batch;
      const counts = { handled: batch.records.length - repeated, skipped: 0, 'dead-letter': 0 };
      for (const { kind } of outcomes.values()) {
        if (kind === 'handled') continue;
        counts[kind] += 1;
        counts.handled -= 1;
      }
      for (const [outcome, count] of Object.entries({ ...counts, repeated })) {
        if (count > 0) records.inc({ consumer, topic, outcome }, count);
      }
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
    lag: once('rapport_consumer_lag_records', () => new LagGauge(registry)),
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

/** Asks the log and the consumers at each look, so that a consumer that stands still shows what it leaves undone. */
class LagGauge extends Gauge {
  private readonly sources = new Map<ServiceName, () => Promise<readonly Lag[]>>();

  constructor(registry: Registry) {
    super({
      name: 'rapport_consumer_lag_records',
      help: 'Records between a consumer and the end of a partition it works on',
      labelNames: ['consumer', 'topic', 'partition'],
      registers: [registry],
      collect: () => this.collectAll(),
    });
  }

  add(consumer: ServiceName, lagsNow: () => Promise<readonly Lag[]>): void {
    this.sources.set(consumer, lagsNow);
  }

  private async collectAll(): Promise<void> {
    const lags = await Promise.all(
      // Where the log does not answer, the other metrics still tell something.
      [...this.sources].map(async ([consumer, lagsNow]) => ({ consumer, lags: await lagsNow().catch(() => []) })),
    );
    this.reset();
    for (const { consumer, lags: ofConsumer } of lags) {
      for (const { topic, partition, records } of ofConsumer) this.set({ consumer, topic, partition }, records);
    }
  }
}
