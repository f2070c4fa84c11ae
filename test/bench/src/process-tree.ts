import { readdir, readFile } from 'node:fs/promises';

/** What a process and all its descendants have used. Linux only; elsewhere it is undefined. */
export interface TreeUsage {
  /** CPU seconds since they started, by part: `front`, `consumers`, `ClickHouse`, `PostgreSQL`. */
  readonly cpuSeconds: ReadonlyMap<string, number>;
  /** Memory in bytes, shared pages counted once (proportional set size). */
  readonly memoryBytes: number;
}

const ticksPerSecond = 100;
/** Told by the command line; the first that fits. */
const parts = [
  ['consumers', /pipeline-main/],
  ['ClickHouse', /clickhouse/],
  ['PostgreSQL', /postgres/],
  ['front', /./],
] as const;

export async function usageOfTree(root: number): Promise<TreeUsage | undefined> {
  const processes = await allProcesses().catch(() => undefined);
  if (processes === undefined) return undefined;
  const tree = [root];
  for (const pid of tree) {
    for (const [child, { parent }] of processes) if (parent === pid) tree.push(child);
  }
  const cpuSeconds = new Map<string, number>();
  let memoryBytes = 0;
  for (const pid of tree) {
    const part = await partOf(pid);
    cpuSeconds.set(part, (cpuSeconds.get(part) ?? 0) + (processes.get(pid)?.ticks ?? 0) / ticksPerSecond);
    memoryBytes += await memoryOf(pid);
  }
  return { cpuSeconds, memoryBytes };
}

/** CPU seconds that were used between two looks, by part. */
export function cpuBetween(before: TreeUsage, after: TreeUsage): ReadonlyMap<string, number> {
  return new Map([...after.cpuSeconds].map(([part, used]) => [part, used - (before.cpuSeconds.get(part) ?? 0)]));
}

export function sumOf(cpuSeconds: ReadonlyMap<string, number>): number {
  return [...cpuSeconds.values()].reduce((sum, used) => sum + used, 0);
}

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
}

async function allProcesses(): Promise<Map<number, ProcessStat>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(async (pid) => [pid, await statOf(pid)] as const));
  return new Map(stats.flatMap(([pid, stat]) => (stat ? [[pid, stat] as const] : [])));
}

async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Fields after the command, which stands in parentheses and may hold anything; proc(5) counts it as field 2.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  // Own time, and that of children which have ended.
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

async function partOf(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return parts.find(([, pattern]) => pattern.test(command))?.[0] ?? 'front';
}

async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}
