import type { Source } from '@rapport/runtime';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Counts and times of the collector. Labels hold ids of sources and reasons, never values of events. */
export interface CollectMetrics {
  /** Events of a request that are durable: how many were accepted, and why others were rejected. */
  stored(source: Source, accepted: number, reasons: readonly string[]): void;
  /** Bytes of a request body after decompression. */
  received(source: Source, bytes: number): void;
  /** Requests that were refused as a whole, by answer: 400, 401, 413, 429, 500. */
  readonly refusedRequests: Counter<'status'>;
  readonly duration: Histogram;
}

export function createCollectMetrics(
  registry: Registry,
  inFlight: { readonly requests: number; readonly bytes: number },
): CollectMetrics {
  const registers = [registry];
  new Gauge({
    name: 'rapport_collect_in_flight_requests',
    help: 'Requests in hand',
    registers,
    collect() {
      this.set(inFlight.requests);
    },
  });
  new Gauge({
    name: 'rapport_collect_in_flight_bytes',
    help: 'Bytes of the requests in hand',
    registers,
    collect() {
      this.set(inFlight.bytes);
    },
  });
  return {
    ...countBySource(registers),
    refusedRequests: new Counter({
      name: 'rapport_collect_refused_requests_total',
      help: 'Requests that were not answered 2xx',
      labelNames: ['status'],
      registers,
    }),
    duration: new Histogram({
      name: 'rapport_collect_duration_seconds',
      help: 'From the request head to the answer, durable append included',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}

function countBySource(registers: Registry[]): Pick<CollectMetrics, 'stored' | 'received'> {
  const accepted = new Counter({
    name: 'rapport_collect_accepted_total',
    help: 'Touchpoints that are durably on the log; with the rejected ones: all that were received',
    labelNames: ['workspace', 'source'],
    registers,
  });
  const rejected = new Counter({
    name: 'rapport_collect_rejected_total',
    help: 'Events, or whole requests, that are kept on rejected-touchpoints',
    labelNames: ['workspace', 'source', 'reason'],
    registers,
  });
  const bytes = new Counter({
    name: 'rapport_collect_bytes_total',
    help: 'Bytes of request bodies after decompression',
    labelNames: ['workspace', 'source'],
    registers,
  });
  // Labels are looked up once a source: that costs more than the counting.
  const known = new Map<Source, { readonly accepted: Counter.Internal; readonly bytes: Counter.Internal }>();
  const of = (source: Source) => {
    const counters = known.get(source) ?? {
      accepted: accepted.labels(source.workspaceId, source.id),
      bytes: bytes.labels(source.workspaceId, source.id),
    };
    known.set(source, counters);
    return counters;
  };
  return {
    stored(source, count, reasons) {
      of(source).accepted.inc(count);
      for (const reason of reasons) rejected.inc({ workspace: source.workspaceId, source: source.id, reason });
    },
    received: (source, length) => of(source).bytes.inc(length),
  };
}
