import { type DemoTouchpoint } from './history.js';

export interface Collector {
  /** Base URL, without a trailing slash. */
  readonly http: string;
  readonly writeKey: string;
}

export interface SendOptions {
  /** Requests in flight; each carries people of its own, so that one person's touchpoints stay in order. Default 4. */
  readonly parallel?: number;
  /** Called with the number of touchpoints that the collector has acknowledged since the last call. */
  readonly onAcknowledged?: (touchpoints: number) => void;
  /** Waits before a request is repeated, in milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export interface Sent {
  readonly touchpoints: number;
  readonly requests: number;
  /** Requests that were repeated: the collector was busy, or the connection broke. */
  readonly repeated: number;
}

/** The collector cannot be reached, however often one tries. Sending again later repeats no touchpoint. */
export class CollectorUnavailableError extends Error {
  override readonly name = 'CollectorUnavailableError';
}

/** The collector will never take this request. */
export class CollectorRefusedError extends Error {
  override readonly name = 'CollectorRefusedError';
}

const largestBatch = { messages: 500, bytes: 450_000 };
const mostTries = 8;

/** Sends through `POST /v1/batch`, as any SDK would, and honours 429 with `Retry-After`. */
export async function sendTouchpoints(
  touchpoints: readonly DemoTouchpoint[],
  collector: Collector,
  options: SendOptions = {},
): Promise<Sent> {
  const { parallel = 4, onAcknowledged = () => undefined, pause = sleep } = options;
  const counts = { touchpoints: 0, requests: 0, repeated: 0 };
  const stop = new AbortController();
  const sendLane = async (lane: readonly DemoTouchpoint[]) => {
    for (const batch of batchesOf(lane)) {
      stop.signal.throwIfAborted();
      counts.repeated += await sendBatch(batch.body, collector, pause);
      counts.requests++;
      counts.touchpoints += batch.messages;
      onAcknowledged(batch.messages);
    }
  };
  const lanes = lanesOf(touchpoints, parallel).map((lane) =>
    sendLane(lane).catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  await Promise.all(lanes);
  return counts;
}

/** As many lanes as requests in flight; all of one person's touchpoints are in one lane. */
function lanesOf(touchpoints: readonly DemoTouchpoint[], count: number): DemoTouchpoint[][] {
  const lanes: DemoTouchpoint[][] = Array.from({ length: count }, () => []);
  const laneOf = new Map<string, number>();
  for (const touchpoint of touchpoints) {
    const lane = laneOf.get(touchpoint.person) ?? laneOf.size % count;
    laneOf.set(touchpoint.person, lane);
    lanes[lane]?.push(touchpoint);
  }
  return lanes;
}

interface Batch {
  readonly body: string;
  readonly messages: number;
}

function* batchesOf(touchpoints: readonly DemoTouchpoint[]): Generator<Batch> {
  let messages: string[] = [];
  let bytes = 0;
  for (const { message } of touchpoints) {
    const text = JSON.stringify(message);
    const size = Buffer.byteLength(text) + 1;
    if (messages.length === largestBatch.messages || (messages.length > 0 && bytes + size > largestBatch.bytes)) {
      yield { body: bodyOf(messages), messages: messages.length };
      messages = [];
      bytes = 0;
    }
    messages.push(text);
    bytes += size;
  }
  if (messages.length > 0) yield { body: bodyOf(messages), messages: messages.length };
}

/** Without `sentAt`: the dates are the shop's own and no clock skew is to be taken off them. */
function bodyOf(messages: readonly string[]): string {
  return `{"batch":[${messages.join(',')}]}`;
}

/** Resolves when the collector has acknowledged, with the number of repeats that took. */
async function sendBatch(body: string, collector: Collector, pause: (ms: number) => Promise<void>): Promise<number> {
  for (let tries = 1; ; tries++) {
    const answer = await post(body, collector);
    if (answer.kind === 'acknowledged') return tries - 1;
    if (answer.kind === 'refused') throw new CollectorRefusedError(answer.reason);
    if (tries === mostTries && answer.retryAfter === undefined) {
      throw new CollectorUnavailableError(`the collector at ${collector.http} cannot be reached: ${answer.reason}`, {
        cause: answer.cause,
      });
    }
    await pause(answer.retryAfter ?? Math.min(10_000, 250 * 2 ** tries));
  }
}

type Answer =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string; readonly retryAfter?: number; readonly cause?: unknown };

async function post(body: string, { http, writeKey }: Collector): Promise<Answer> {
  try {
    const response = await fetch(`${http}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
      body,
    });
    // Read to its end, or the connection is not used again.
    const text = await response.text();
    if (response.ok) return { kind: 'acknowledged' };
    const reason = `${response.status} ${text.slice(0, 300)}`;
    if (response.status === 429) {
      return { kind: 'again', reason, retryAfter: 1000 * (Number(response.headers.get('retry-after')) || 1) };
    }
    return response.status >= 500 ? { kind: 'again', reason } : { kind: 'refused', reason };
  } catch (cause) {
    return { kind: 'again', reason: cause instanceof Error ? cause.message : String(cause), cause };
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
