import { load, type MeasuredLoad, type ServerProcess } from './child.js';
import { type BenchRow } from './report.js';
import { say } from './say.js';

/** Events a second by batch size: the limit that others are measured against. */
export type Limits = ReadonlyMap<number, number>;

const batchSizes = [1, 20, 100];

/** Requests as fast as the server answers, for each batch size; stops the server in the end. */
export async function measureRequests(
  name: string,
  server: ServerProcess,
  { seconds, limits }: { readonly seconds: number; readonly limits: Limits },
): Promise<{ readonly rows: readonly BenchRow[]; readonly reached: Limits }> {
  const rows: BenchRow[] = [];
  const reached = new Map<number, number>();
  try {
    for (const batchSize of batchSizes) {
      const connections = batchSize === 1 ? 64 : 16;
      await load(server, { batchSize, connections, run: `warm-${batchSize}`, seconds: Math.max(2, seconds / 4) });
      const measured = await load(server, { batchSize, connections, run: `run-${batchSize}`, seconds });
      const what = `${name}, ${batchSize === 1 ? 'single events' : `batches of ${batchSize}`}`;
      rows.push(rowOf(what, measured, limits.get(batchSize)));
      reached.set(batchSize, measured.eventsPerSecond);
    }
  } finally {
    await server.stop();
  }
  return { rows, reached };
}

function rowOf(what: string, measured: MeasuredLoad, limit: number | undefined): BenchRow {
  const { eventsPerSecond, acknowledgedEvents: events, latencyMs, failed } = measured;
  const note = `answered in ${latencyMs.p50} ms (p50), ${latencyMs.p99} ms (p99)${failed > 0 ? `; ${failed} failed` : ''}`;
  say(`${what}: ${Math.round(eventsPerSecond).toLocaleString('en')} events/s, ${note}`);
  return { ...measured, what, events, ratio: limit === undefined ? undefined : eventsPerSecond / limit, note };
}
