import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from './child.js';
import { recordsDone, startStandalone, type Standalone } from './rapport.js';
import { percentile } from './report.js';
import { say } from './say.js';
import type { BenchSection } from './sections.js';

const people = 20_000;
/** 3,000 reads a row: the slowest hundredth is then 30 of them. */
const seconds = 60;
const warmUpSeconds = 25;
const readsPerSecond = 50;
const writeRates = [0, 100, 250, 500, 1_000] as const;

/** Reads of whole profiles, one after the other at a steady rate, while touchpoints come in. */
export const profilesSection: BenchSection = {
  name: 'profiles',
  title: 'profile reads under write load',
  summary: 'GET /v1/profiles/:identifier while touchpoints come in: p50, p95, p99',
  async measure(folder) {
    const standalone = await startStandalone(path.join(folder, 'profiles'));
    try {
      const known = await load(standalone, { run: 'profiles-known', batchSize: 100, connections: 8, requests: 400 });
      await untilDone(standalone, known.acknowledgedEvents);
      await reads(standalone, warmUpSeconds);
      const rows: string[] = [];
      for (const rate of writeRates) rows.push(await measureAt(standalone, rate));
      return page(rows);
    } finally {
      await standalone.stop();
    }
  },
};

async function measureAt(standalone: Standalone, eventsPerSecond: number): Promise<string> {
  const order = { run: `profiles-${eventsPerSecond}`, batchSize: 20, connections: 8, rate: eventsPerSecond / 20 };
  const [latencies, sent] = await Promise.all([
    reads(standalone, seconds),
    eventsPerSecond === 0 ? undefined : load(standalone, { ...order, seconds }),
  ]);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(latencies, share).toFixed(1));
  say(`profiles at ${eventsPerSecond}/s: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms of ${latencies.length} reads`);
  return `| ${Math.round(sent?.eventsPerSecond ?? 0)} | ${latencies.length} | ${p50} ms | ${p95} ms | ${p99} ms |`;
}

/** Milliseconds until the whole answer was read, sorted. A read that is late does not hold the next one back. */
async function reads({ url, apiKey }: Standalone, forSeconds: number): Promise<readonly number[]> {
  const waiting: Promise<number>[] = [];
  for (let read = 0; read < forSeconds * readsPerSecond; read += 1) {
    waiting.push(readOne(`${url}/v1/profiles/user-${(read * 7919) % people}?type=userId`, apiKey));
    await pause(1000 / readsPerSecond);
  }
  return (await Promise.all(waiting)).toSorted((a, b) => a - b);
}

async function readOne(profile: string, apiKey: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(profile, { headers: { authorization: `Bearer ${apiKey}` } });
  await response.text();
  if (!response.ok && response.status !== 404) throw new Error(`${profile} answered ${response.status}`);
  return performance.now() - started;
}

/** Every consumer has handled so many touchpoints. */
async function untilDone(standalone: Standalone, events: number): Promise<void> {
  for (;;) {
    const done = [...(await recordsDone(standalone, 'profile-touchpoints')).values()];
    if (done.length > 0 && Math.min(...done) >= events) return;
    await pause(500);
  }
}

function page(rows: readonly string[]): string {
  return `The whole of Rapport, embedded, with ${people.toLocaleString('en')} people known; load, reads and servers share the cores. ${readsPerSecond} reads a
second for ${seconds} seconds, each of another person, by userId: traits, relationship, lifecycle history, orders, consents. A read is timed from the
request to the last byte of its answer. Before the first row it is read so for ${warmUpSeconds} seconds. Touchpoints come in batches of 20 at random moments, as from many
senders.

| touchpoints/s | reads | p50 | p95 | p99 |
| ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
}
