import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BuildingThread } from '@rapport/runtime';

/** A database has the work of about one thread in three; and each has its part of the memory. */
const mostThreads = 4;
/** Batches are large and most of what they make is garbage by the next one: three times the semispaces of 64 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };
const program = new URL('rebuild-thread.js', import.meta.url);

/** How many threads build beside the command's own. */
export function threadsBeside(workers = Infinity): number {
  return Math.min(availableParallelism(), mostThreads, workers) - 1;
}

/** Starts them now, to load their program while the command loads its own; and others each time they are asked for again. */
export function startBuildingThreads(count: number, from = program): () => readonly BuildingThread[] {
  const start = (): readonly BuildingThread[] => Array.from({ length: count }, () => startThread(from));
  let started: readonly BuildingThread[] | undefined = start();
  return () => {
    const threads = started ?? start();
    started = undefined;
    return threads;
  };
}

function startThread(from: URL): BuildingThread {
  const worker = new Worker(from, { resourceLimits });
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('a thread of the replay ended')));
  });
  // Whoever builds looks at it later.
  ended.catch(() => undefined);
  return { worker, ended };
}
