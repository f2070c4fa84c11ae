import { setTimeout as pause } from 'node:timers/promises';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface Call {
  readonly path: string;
  readonly body: string;
}

interface SteadyOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly next: () => Call;
  /** Requests a second, on average. */
  readonly rate: number;
  readonly seconds: number;
}

interface SteadyDone {
  /** Of requests that were answered with 2xx; sorted. */
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  readonly failed: number;
}

/**
 * Like many senders who know nothing of each other: pauses between requests are exponentially distributed, and none waits
 * for the answer to another. autocannon would send all that a rate allows for a second at once when the second begins.
 */
export async function sendSteadily({ url, headers, next, rate, seconds }: SteadyOrder): Promise<SteadyDone> {
  const random = mersenne(20_261_123);
  const latencies: number[] = [];
  let failed = 0;
  const send = async ({ path, body }: Call): Promise<void> => {
    const sent = performance.now();
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    if (answer.ok) latencies.push(performance.now() - sent);
    else failed += 1;
  };
  const started = performance.now();
  const sending: Promise<void>[] = [];
  for (
    let due = started;
    due < started + seconds * 1000;
    due += (-1000 * Math.log(1 - uniformFloat64(random))) / rate
  ) {
    await pause(Math.max(0, due - performance.now()));
    sending.push(send(next()).catch(() => void (failed += 1)));
  }
  await Promise.all(sending);
  const took = (performance.now() - started) / 1000;
  return { latenciesMs: latencies.toSorted((a, b) => a - b), seconds: took, failed };
}
