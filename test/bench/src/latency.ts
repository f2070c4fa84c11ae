import { setTimeout as pause } from 'node:timers/promises';
import { load } from './child.js';
import { type Standalone } from './rapport.js';
import { percentile, type LatencyRow } from './report.js';
import { say } from './say.js';

interface Queryable {
  /** Milliseconds from the 2xx to the first SQL answer that has the touchpoint; sorted. */
  readonly latenciesMs: readonly number[];
  /** Probes that were not seen within ten seconds. */
  readonly lost: number;
}

const probeEveryMs = 150;
const pollEveryMs = 100;
const longestMs = 10_000;
// By event and time, as the table is sorted, and of the table behind the view: the question must not cost what it measures.
const seenProbes = `
  SELECT message_id FROM recorded_touchpoints WHERE event = 'Probe' AND timestamp >= {since: DateTime64(3)}`;

/** At a steady rate in batches of 20, as many servers with an SDK send them. */
export async function measureLatency(
  standalone: Standalone,
  { seconds, eventsPerSecond }: { readonly seconds: number; readonly eventsPerSecond: number },
): Promise<LatencyRow> {
  const batchSize = 20;
  say(`latency: ${seconds} s at ${eventsPerSecond} events/s`);
  const order = { batchSize, connections: 8, rate: eventsPerSecond / batchSize };
  await load(standalone, { ...order, run: `latency-warm-${eventsPerSecond}`, seconds: 10 });
  const [sent, { latenciesMs, lost }] = await Promise.all([
    load(standalone, { ...order, run: `latency-${eventsPerSecond}`, seconds }),
    measureQueryable(standalone, seconds, `probe-${eventsPerSecond}`),
  ]);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(latenciesMs, share)) as [number, number, number];
  say(`latency: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`);
  return { eventsPerSecond: sent.eventsPerSecond, p50, p95, p99, probes: latenciesMs.length + lost, lost };
}

/** Sends probes beside the load, and asks for them in SQL until they are there. Precise to the polling interval. */
async function measureQueryable(standalone: Standalone, seconds: number, run: string): Promise<Queryable> {
  const acknowledged = new Map<string, number>();
  const seen = new Map<string, number>();
  const end = performance.now() + seconds * 1000;
  const since = new Date(Date.now() - 1000).toISOString().replace('T', ' ').replace('Z', '');

  const sendProbes = async () => {
    for (let number = 0; performance.now() < end; number++) {
      const messageId = `${run}-${number}`;
      const response = await sendProbe(standalone, messageId);
      if (response.ok) acknowledged.set(messageId, performance.now());
      await pause(probeEveryMs);
    }
  };
  const look = async () => {
    for (;;) {
      const answer = await standalone.clickhouse.query({
        query: seenProbes,
        query_params: { since },
        format: 'JSONEachRow',
      });
      const rows = await answer.json<{ readonly message_id: string }>();
      const now = performance.now();
      for (const { message_id: id } of rows) if (!seen.has(id)) seen.set(id, now);
      const waiting = [...acknowledged.keys()].some((id) => !seen.has(id));
      if (now > end + longestMs || (now > end && !waiting)) return;
      await pause(pollEveryMs);
    }
  };
  await Promise.all([sendProbes(), look()]);
  const latencies = [...acknowledged].flatMap(([id, at]) => {
    const seenAt = seen.get(id);
    return seenAt === undefined ? [] : [Math.max(0, seenAt - at)];
  });
  return { latenciesMs: latencies.toSorted((a, b) => a - b), lost: acknowledged.size - latencies.length };
}

async function sendProbe({ url, writeKey }: Standalone, messageId: string): Promise<Response> {
  const response = await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: JSON.stringify({ messageId, type: 'track', event: 'Probe', anonymousId: messageId }),
  });
  await response.text();
  return response;
}
