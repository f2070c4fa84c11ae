/** Sends load from a process of its own, so that making requests does not slow down the answers. */
import autocannon from 'autocannon';
import { touchpointMix } from './touchpoint-mix.js';

export interface LoadOrder {
  readonly url: string;
  readonly writeKey: string;
  readonly batchSize: number;
  readonly connections: number;
  /** Names the run in messageIds. */
  readonly run: string;
  /** Each touchpoint is the first of its person. */
  readonly everyoneNew?: boolean;
  /** Ends after this time, or after so many requests. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Requests a second; as fast as possible when absent. */
  readonly rate?: number;
}

export interface LoadDone {
  readonly acknowledgedEvents: number;
  readonly seconds: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Requests that were answered with anything but 2xx, or not at all. */
  readonly failed: number;
}

process.once('message', (order: LoadOrder) => {
  void sendLoad(order).then((done) => process.send?.(done, () => process.exit(0)));
});

async function sendLoad({ url, writeKey, batchSize, connections, run, ...order }: LoadOrder): Promise<LoadDone> {
  const mix = touchpointMix(run, order);
  const single = batchSize === 1;
  const singleCall = () => {
    const body = mix.next();
    return { path: `/v1/${typeOf(body)}`, body };
  };
  const batchCall = () => ({ path: '/v1/batch', body: mix.nextBatch(batchSize) });
  const started = performance.now();
  const result = await autocannon({
    url,
    connections,
    ...(order.requests ? { amount: order.requests } : { duration: order.seconds ?? 10 }),
    ...(order.rate && { overallRate: order.rate }),
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
        setupRequest: (request) => ({ ...request, ...(single ? singleCall() : batchCall()) }),
      },
    ],
  });
  return {
    acknowledgedEvents: result['2xx'] * batchSize,
    seconds: (performance.now() - started) / 1000,
    latencyMs: { p50: result.latency.p50, p99: result.latency.p99 },
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

/** A path takes calls of its own type only. */
function typeOf(message: string): string {
  return /"type":"(\w+)"/.exec(message)?.[1] ?? 'track';
}
