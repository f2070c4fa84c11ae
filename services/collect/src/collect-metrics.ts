import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Counts and times of the collector. Labels hold ids of sources and reasons, never values of events. */
export interface CollectMetrics {
  readonly accepted: Counter<'workspace' | 'source'>;
  readonly rejected: Counter<'workspace' | 'source' | 'reason'>;
  readonly bytes: Counter<'workspace' | 'source'>;
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
    accepted: new Counter({
      name: 'rapport_collect_accepted_total',
      help: 'Touchpoints that are durably on the log; with the rejected ones: all that were received',
      labelNames: ['workspace', 'source'],
      registers,
    }),
    rejected: new Counter({
      name: 'rapport_collect_rejected_total',
      help: 'Events, or whole requests, that are kept on rejected-touchpoints',
      labelNames: ['workspace', 'source', 'reason'],
      registers,
    }),
    bytes: new Counter({
      name: 'rapport_collect_bytes_total',
      help: 'Bytes of request bodies after decompression',
      labelNames: ['workspace', 'source'],
      registers,
    }),
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
