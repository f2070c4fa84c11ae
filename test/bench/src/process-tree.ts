import { readdir, readFile } from 'node:fs/promises';

/** What a process and all its descendants have used. Linux only; elsewhere everything is undefined. */
export interface TreeUsage {
  /** CPU seconds since they started. */
  readonly cpuSeconds: number;
  /** Memory in bytes, shared pages counted once (proportional set size). */
  readonly memoryBytes: number;
}

const ticksPerSecond = 100;

export async function usageOfTree(root: number): Promise<TreeUsage | undefined> {
  const parents = await parentsOfAll().catch(() => undefined);
  if (parents === undefined) return undefined;
  const tree = [root];
  for (const pid of tree) {
    for (const [child, { parent }] of parents) if (parent === pid) tree.push(child);
  }
  const memory = await Promise.all(tree.map(memoryOf));
  return {
    cpuSeconds: tree.reduce((sum, pid) => sum + (parents.get(pid)?.ticks ?? 0), 0) / ticksPerSecond,
    memoryBytes: memory.reduce((sum, bytes) => sum + bytes, 0),
  };
}

async function parentsOfAll(): Promise<Map<number, { readonly parent: number; readonly ticks: number }>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(async (pid) => [pid, await statOf(pid)] as const));
  return new Map(stats.flatMap(([pid, stat]) => (stat ? [[pid, stat] as const] : [])));
}

async function statOf(pid: number): Promise<{ readonly parent: number; readonly ticks: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Fields after the command, which stands in parentheses and may hold anything; proc(5) counts it as field 2.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}
