import { setTimeout as pause } from 'node:timers/promises';
import { type Standalone } from './rapport.js';

export interface Queryable {
  /** Milliseconds from the 2xx to the first SQL answer that has the touchpoint; sorted. */
  readonly latenciesMs: readonly number[];
  /** Probes that were not seen within ten seconds. */
  readonly lost: number;
}

const probeEveryMs = 150;
const pollEveryMs = 40;
const longestMs = 10_000;
// By event and time, as the table is sorted: the question must not cost what it measures.
const seenProbes = `
  SELECT message_id FROM touchpoints WHERE event = 'Probe' AND timestamp >= {since: DateTime64(3)}`;

/** Sends probes beside the load, and asks for them in SQL until they are there. Precise to the polling interval. */
export async function measureQueryable(standalone: Standalone, seconds: number): Promise<Queryable> {
  const acknowledged = new Map<string, number>();
  const seen = new Map<string, number>();
  const end = performance.now() + seconds * 1000;
  const since = new Date(Date.now() - 1000).toISOString().replace('T', ' ').replace('Z', '');

  const sendProbes = async () => {
    for (let number = 0; performance.now() < end; number++) {
      const messageId = `probe-${number}`;
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
