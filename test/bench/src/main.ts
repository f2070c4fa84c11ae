import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { load, startBareServer, type MeasuredLoad, type ServerProcess } from './child.js';
import { measureQueryable } from './latency.js';
import { usageOfTree } from './process-tree.js';
import { recordsDone, startCollector, startStandalone, type Standalone } from './rapport.js';
import { benchPage, percentile, type BenchRow, type LatencyRow } from './report.js';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    events: { type: 'string', default: '300000' },
    only: { type: 'string', multiple: true },
    out: { type: 'string', default: fileURLToPath(new URL('../../../docs/bench.md', import.meta.url)) },
    help: { type: 'boolean', short: 'h' },
  },
});
const seconds = Number(options.seconds);
const batchSizes = [1, 20, 100];

if (options.help) {
  process.stdout
    .write(`npm run bench -- [--seconds 10] [--events 300000] [--only limit|collector|flow|latency ...] [--out FILE]

limit      bare Fastify with a durable append, single events and batches of 20 and 100
collector  our collector, the same
flow       the whole embedded Rapport, until every consumer has caught up
latency    from the 2xx to the SQL answer, at 2,000 events/s\n`);
} else {
  const folder = await mkdtemp(path.join(tmpdir(), 'rapport-bench-'));
  try {
    await bench(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bench(folder: string): Promise<void> {
  const wanted = (part: string) => options.only === undefined || options.only.includes(part);
  const limits = new Map<number, number>();
  const rows: BenchRow[] = [];
  if (wanted('limit')) rows.push(...(await measureLimit(path.join(folder, 'limit'), limits)));
  if (wanted('collector')) rows.push(...(await measureCollector(path.join(folder, 'collector'), limits)));
  let latency: LatencyRow | undefined;
  if (wanted('flow') || wanted('latency')) {
    const standalone = await startStandalone(path.join(folder, 'flow'));
    try {
      if (wanted('latency')) latency = await measureLatency(standalone);
      if (wanted('flow')) rows.push(await measureFlow(standalone, limits));
    } finally {
      await standalone.stop();
    }
  }
  const page = benchPage(rows, latency, new Date().toISOString().slice(0, 10));
  const formatted = await format(page, { ...(await resolveConfig(options.out)), parser: 'markdown' });
  process.stdout.write(`\n${formatted}`);
  await writeFile(options.out, formatted);
  say(`written to ${options.out}`);
}

async function measureLimit(folder: string, limits: Map<number, number>): Promise<BenchRow[]> {
  const server = await startBareServer(folder);
  const rows = await measureBatchSizes('bare limit', server);
  for (const [index, { eventsPerSecond }] of rows.entries()) limits.set(batchSizes[index] ?? 0, eventsPerSecond);
  await server.stop();
  return rows;
}

async function measureCollector(folder: string, limits: ReadonlyMap<number, number>): Promise<BenchRow[]> {
  const server = await startCollector(folder);
  const rows = await measureBatchSizes('collector', server, limits);
  await server.stop();
  return rows;
}

async function measureBatchSizes(
  name: string,
  server: ServerProcess,
  limits: ReadonlyMap<number, number> = new Map(),
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const batchSize of batchSizes) {
    const connections = batchSize === 1 ? 64 : 16;
    await load(server, { batchSize, connections, run: `warm-${batchSize}`, seconds: Math.max(2, seconds / 4) });
    const measured = await load(server, { batchSize, connections, run: `run-${batchSize}`, seconds });
    const what = `${name}, ${batchSize === 1 ? 'single events' : `batches of ${batchSize}`}`;
    rows.push(rowOf(what, measured, limits.get(batchSize)));
  }
  return rows;
}

function rowOf(what: string, measured: MeasuredLoad, limit: number | undefined): BenchRow {
  const { eventsPerSecond, cores, memoryBytes, latencyMs, failed } = measured;
  const note = `answered in ${latencyMs.p50} ms (p50), ${latencyMs.p99} ms (p99)${failed > 0 ? `; ${failed} failed` : ''}`;
  say(`${what}: ${Math.round(eventsPerSecond).toLocaleString('en')} events/s, ${note}`);
  return {
    what,
    eventsPerSecond,
    ratio: limit === undefined ? undefined : eventsPerSecond / limit,
    cores,
    memoryBytes,
    note,
  };
}

/** Every consumer of profile touchpoints has handled every touchpoint; the clock runs from the first request to then. */
async function measureFlow(standalone: Standalone, limits: ReadonlyMap<number, number>): Promise<BenchRow> {
  const batchSize = 100;
  const doneBefore = await recordsDone(standalone, 'profile-touchpoints');
  const before = await usageOfTree(standalone.pid);
  const started = performance.now();
  const order = { batchSize, connections: 8, run: 'flow', requests: Math.ceil(Number(options.events) / batchSize) };
  const sent = await load(standalone, order);
  say(`flow: ${sent.acknowledgedEvents} events acknowledged in ${sent.seconds.toFixed(1)} s, ${sent.failed} failed`);
  const consumers = await untilCaughtUp(standalone, doneBefore, sent.acknowledgedEvents);
  const elapsed = (performance.now() - started) / 1000;
  const after = await usageOfTree(standalone.pid);
  const eventsPerSecond = sent.acknowledgedEvents / elapsed;
  const limit = limits.get(batchSize);
  say(`flow: all ${consumers} consumers caught up after ${elapsed.toFixed(1)} s`);
  return {
    what: `end to end, batches of ${batchSize}, ${consumers} consumers caught up`,
    eventsPerSecond,
    ratio: limit === undefined ? undefined : eventsPerSecond / limit,
    cores: before && after && (after.cpuSeconds - before.cpuSeconds) / elapsed,
    memoryBytes: after?.memoryBytes,
    note: `${sent.acknowledgedEvents.toLocaleString('en')} events; acknowledged at ${Math.round(sent.eventsPerSecond).toLocaleString('en')}/s`,
  };
}

async function untilCaughtUp(
  standalone: Standalone,
  before: ReadonlyMap<string, number>,
  events: number,
): Promise<number> {
  let slowest = 0;
  for (let quietSince = performance.now(); performance.now() - quietSince < 60_000; await pause(100)) {
    const done = await recordsDone(standalone, 'profile-touchpoints');
    const counts = [...done].map(([consumer, count]) => count - (before.get(consumer) ?? 0));
    const least = counts.length === 0 ? 0 : Math.min(...counts);
    if (least >= events) return counts.length;
    if (least > slowest) [slowest, quietSince] = [least, performance.now()];
  }
  throw new Error(`a consumer stands still at ${slowest} of ${events} events`);
}

async function measureLatency(standalone: Standalone): Promise<LatencyRow> {
  const [batchSize, eventsPerSecond] = [20, 2000];
  say(`latency: ${seconds * 2} s at ${eventsPerSecond} events/s`);
  const order = { batchSize, connections: 8, rate: eventsPerSecond / batchSize };
  await load(standalone, { ...order, run: 'latency-warm', seconds: 3 });
  const [sent, queryable] = await Promise.all([
    load(standalone, { ...order, run: 'latency', seconds: seconds * 2 }),
    measureQueryable(standalone, seconds * 2),
  ]);
  const of = (share: number) => percentile(queryable.latenciesMs, share);
  say(`latency: p50 ${of(0.5).toFixed(0)} ms, p95 ${of(0.95).toFixed(0)} ms, p99 ${of(0.99).toFixed(0)} ms`);
  return {
    eventsPerSecond: sent.eventsPerSecond,
    p50: of(0.5),
    p95: of(0.95),
    p99: of(0.99),
    probes: queryable.latenciesMs.length + queryable.lost,
    lost: queryable.lost,
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
