/** Sends load from a process of its own, so that making requests does not slow down the answers. */
import autocannon from 'autocannon';
import { percentile } from './report.js';
import { sendSteadily, type Call } from './steady-load.js';
import { touchpointMix } from './touchpoint-mix.js';

export interface LoadOrder {
  readonly url: string;
  readonly writeKey: string;
  readonly batchSize: number;
  /** Without a rate, each sends its next request when the last one is answered. */
  readonly connections: number;
  /** Names the run in messageIds. */
  readonly run: string;
  /** Each touchpoint is the first of its person. */
  readonly everyoneNew?: boolean;
  /** Ends after this time, or after so many requests. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Requests a second, for `seconds`; as fast as possible when absent. */
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

async function sendLoad(order: LoadOrder): Promise<LoadDone> {
  const { url, writeKey, batchSize, run } = order;
  const mix = touchpointMix(run, order);
  const next = (): Call => {
    const body = batchSize === 1 ? mix.next() : mix.nextBatch(batchSize);
    return { path: batchSize === 1 ? `/v1/${typeOf(body)}` : '/v1/batch', body };
  };
  const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` };
  if (order.rate === undefined) return sendAsFastAsPossible(order, headers, next);
  const { latenciesMs, ...sent } = await sendSteadily({
    url,
    headers,
    next,
    rate: order.rate,
    seconds: order.seconds ?? 10,
  });
  const [p50, p99] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)];
  return { ...sent, acknowledgedEvents: latenciesMs.length * batchSize, latencyMs: { p50, p99 } };
}

async function sendAsFastAsPossible(
  { url, connections, requests, seconds, batchSize }: LoadOrder,
  headers: Record<string, string>,
  next: () => Call,
): Promise<LoadDone> {
  const started = performance.now();
  const result = await autocannon({
    url,
    connections,
    ...(requests ? { amount: requests } : { duration: seconds ?? 10 }),
    requests: [{ method: 'POST', headers, setupRequest: (request) => ({ ...request, ...next() }) }],
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
