/** A message of the Segment HTTP API, and the person it is about: messages of one person are sent in order. */
export interface TouchpointToSend {
  readonly person: string;
  readonly message: object;
}

export interface Collector {
  /** Base URL, without a trailing slash. */
  readonly http: string;
  readonly writeKey: string;
}

export interface SendOptions {
  /** The touchpoints are history: they never trigger a journey, and their times are taken as they are. */
  readonly imported?: boolean;
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
  /** Touchpoints that the collector keeps as rejected: they are on the log with the reason, and count nowhere. */
  readonly rejected: number;
  /** Of these, such as name somebody on the suppression list; nothing of them is kept. */
  readonly suppressed: number;
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

/** Sends through `POST /v1/batch` (or `/v1/import`), as any SDK would, and honours 429 with `Retry-After`. */
export async function sendTouchpoints(
  touchpoints: readonly TouchpointToSend[],
  collector: Collector,
  options: SendOptions = {},
): Promise<Sent> {
  const { parallel = 4, imported = false, onAcknowledged = () => undefined, pause = sleep } = options;
  const url = `${collector.http}/v1/${imported ? 'import' : 'batch'}`;
  const counts = { touchpoints: 0, requests: 0, repeated: 0, rejected: 0, suppressed: 0 };
  const stop = new AbortController();
  const sendLane = async (lane: readonly TouchpointToSend[]) => {
    for (const batch of batchesOf(lane)) {
      stop.signal.throwIfAborted();
      const { repeated, rejected, suppressed } = await sendBatch(batch.body, { ...collector, url }, pause);
      counts.repeated += repeated;
      counts.rejected += rejected;
      counts.suppressed += suppressed;
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
function lanesOf(touchpoints: readonly TouchpointToSend[], count: number): TouchpointToSend[][] {
  const lanes: TouchpointToSend[][] = Array.from({ length: count }, () => []);
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

function* batchesOf(touchpoints: readonly TouchpointToSend[]): Generator<Batch> {
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

type Rejected = Pick<Sent, 'rejected' | 'suppressed'>;
type Acknowledged = Rejected & Pick<Sent, 'repeated'>;

/** Resolves when the collector has acknowledged, with the number of repeats that took. */
async function sendBatch(body: string, to: Target, pause: (ms: number) => Promise<void>): Promise<Acknowledged> {
  for (let tries = 1; ; tries++) {
    const answer = await post(body, to);
    if (answer.kind === 'acknowledged') return { repeated: tries - 1, ...answer.rejected };
    if (answer.kind === 'refused') throw new CollectorRefusedError(answer.reason);
    if (tries === mostTries && answer.retryAfter === undefined) {
      throw new CollectorUnavailableError(`the collector at ${to.http} cannot be reached: ${answer.reason}`, {
        cause: answer.cause,
      });
    }
    await pause(answer.retryAfter ?? Math.min(10_000, 250 * 2 ** tries));
  }
}

interface Target extends Collector {
  readonly url: string;
}

type Answer =
  | { readonly kind: 'acknowledged'; readonly rejected: Rejected }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string; readonly retryAfter?: number; readonly cause?: unknown };

async function post(body: string, { url, writeKey }: Target): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
      body,
    });
    // Read to its end, or the connection is not used again.
    const text = await response.text();
    if (response.ok) return { kind: 'acknowledged', rejected: rejectedIn(text) };
    const reason = `${response.status} ${text.slice(0, 300)}`;
    if (response.status === 429) {
      return { kind: 'again', reason, retryAfter: 1000 * (Number(response.headers.get('retry-after')) || 1) };
    }
    return response.status >= 500 ? { kind: 'again', reason } : { kind: 'refused', reason };
  } catch (cause) {
    return { kind: 'again', reason: cause instanceof Error ? cause.message : String(cause), cause };
  }
}

function rejectedIn(answer: string): Rejected {
  const count = (name: string): number => Number(new RegExp(`"${name}":(\\d+)`).exec(answer)?.[1] ?? 0);
  return { rejected: count('rejectedCount'), suppressed: count('suppressed') };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
