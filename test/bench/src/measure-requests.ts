import { load, type MeasuredLoad, type ServerProcess } from './child.js';
import { type BenchRow } from './report.js';
import { say } from './say.js';

/** Events a second by what was sent: the limit that others are measured against. */
export type Limits = ReadonlyMap<string, number>;

interface Kind {
  readonly what: string;
  readonly batchSize: number;
  readonly everyoneNew?: boolean;
}

const kinds: readonly Kind[] = [
  { what: 'single events', batchSize: 1 },
  { what: 'batches of 20', batchSize: 20 },
  { what: 'batches of 100', batchSize: 100 },
  { what: 'batches of 20, everyone new', batchSize: 20, everyoneNew: true },
];
/** Of 100 events: after so many, 99 % of the people of the mix have been seen and have keys. */
const requestsUntilKnown = 1_500;

/** Requests as fast as the server answers, of each kind; stops the server in the end. */
export async function measureRequests(
  name: string,
  server: ServerProcess,
  { seconds, limits }: { readonly seconds: number; readonly limits: Limits },
): Promise<{ readonly rows: readonly BenchRow[]; readonly reached: Limits }> {
  const rows: BenchRow[] = [];
  const reached = new Map<string, number>();
  try {
    await load(server, { batchSize: 100, connections: 16, run: 'people', requests: requestsUntilKnown });
    for (const { what, batchSize, everyoneNew = false } of kinds) {
      const order = { batchSize, connections: batchSize === 1 ? 64 : 16, everyoneNew };
      await load(server, { ...order, run: `warm ${what}`, seconds: Math.max(2, seconds / 4) });
      const measured = await load(server, { ...order, run: `run ${what}`, seconds });
      rows.push(rowOf(`${name}, ${what}`, measured, limits.get(what)));
      reached.set(what, measured.eventsPerSecond);
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
