import { cpus, release, totalmem, type } from 'node:os';
import { sumOf } from './process-tree.js';

export interface BenchRow {
  readonly what: string;
  readonly eventsPerSecond: number;
  /** Share of the limit with the same batch size; undefined for the limit itself. */
  readonly ratio: number | undefined;
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: ReadonlyMap<string, number> | undefined;
  readonly memoryBytes: number | undefined;
  readonly note: string;
}

export interface LatencyRow {
  readonly eventsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly probes: number;
  readonly lost: number;
}

const pages = `## Parts with a page of their own

[resolve](bench/resolve.md), [profile reads under write load](bench/profiles.md), [replay](bench/replay.md),
[analytics beside DuckDB](bench/analytics.md), [probable duplicates](bench/duplicates.md), [privacy](bench/privacy.md).`;

/** The page docs/bench.md. */
export function benchPage(rows: readonly BenchRow[], latencies: readonly LatencyRow[], date: string): string {
  return `# Bench

Written by \`npm run bench\` on ${date}. One run, one machine, load and servers on the same cores: compare the rows with
each other, not with other machines.

Machine: ${machine()}.

| what | events/s | of the limit | busy cores | CPU an event | memory | |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${rows.map(benchLine).join('\n')}

The limit is what a durable collector can do at the least: Fastify takes JSON and appends every event to LMDB, synced to
disk before it answers. Touchpoints are of about 500 bytes, from 20,000 people: 10 % orders, 5 % identify. Before the
first measurement 150,000 of them are sent, so that nearly everyone is known, as in a business that has run for a while; a new
person costs the collector a key, durably kept before anything is sealed with it, which the rows "everyone new" show. Busy
cores, CPU time and memory (proportional) are those of the server with all its child processes, not of the process that sends.

${latencies.length > 0 ? latencyText(latencies) : 'Latency was not measured in this run.'}

${pages}
`;
}

function benchLine(row: BenchRow): string {
  const cpu = row.cpuSeconds && sumOf(row.cpuSeconds);
  const cells = [
    row.what,
    Math.round(row.eventsPerSecond).toLocaleString('en'),
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    cpu === undefined ? '' : (cpu / row.seconds).toFixed(2),
    cpu === undefined ? '' : microseconds(cpu / row.events),
    row.memoryBytes === undefined ? '' : `${Math.round(row.memoryBytes / 2 ** 20)} MB`,
    row.note,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** How the CPU time of an event is shared among the parts. */
export function cpuByPart(cpuSeconds: ReadonlyMap<string, number>, events: number): string {
  return [...cpuSeconds].map(([part, used]) => `${part} ${microseconds(used / events)}`).join(', ');
}

function microseconds(seconds: number): string {
  return `${Math.round(seconds * 1e6)} µs`;
}

function latencyText(latencies: readonly LatencyRow[]): string {
  return `From the 2xx to the answer of a SQL query, at steady rates, every consumer at work:

| events/s | p50 | p95 | p99 | probes | not seen within 10 s |
| ---: | ---: | ---: | ---: | ---: | ---: |
${latencies.map(latencyLine).join('\n')}`;
}

function latencyLine({ eventsPerSecond, p50, p95, p99, probes, lost }: LatencyRow): string {
  const [rate, ...times] = [eventsPerSecond, p50, p95, p99].map((value) => Math.round(value).toLocaleString('en'));
  return `| ${[rate, ...times.map((time) => `${time} ms`), probes, lost].join(' | ')} |`;
}

export function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} cores (${model}), ${memory} GB of memory, ${type()} ${release()}, Node ${process.version}`;
}

/** Nearest-rank percentile of sorted values; NaN when there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
