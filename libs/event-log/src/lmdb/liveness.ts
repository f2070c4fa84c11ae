import { randomUUID } from 'node:crypto';
import type { LmdbStore } from './lmdb-store.js';

const beatEveryMs = 1000;
/** A process that has not beaten for this long counts as dead even if its process id is in use. */
const silentAfterMs = 10_000;

interface ProcessRow {
  readonly pid: number;
  readonly beat: number;
}

/**
 * Who of the processes that share a log is alive: its process id exists and its beat goes on. Silence is measured by our
 * own monotonic clock from when we saw the last beat, so a jump of the machine's time kills nobody.
 */
export interface Liveness {
  /** Stands for this opening of the log. */
  readonly processKey: string;
  isLive(processKey: string): boolean;
  /** Starts beating; until then this process is unknown to the others. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createLiveness(store: LmdbStore, onError: (error: unknown) => void): Liveness {
  const processKey = randomUUID();
  const seen = new Map<string, { beat: number; at: number }>();
  let beat = 0;
  let started: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function putBeat(): Promise<void> {
    beat += 1;
    let sawDead = false;
    await store.write(() => {
      store.groups.putSync(['process', processKey], { pid: process.pid, beat } satisfies ProcessRow);
      for (const { key } of store.groups.getRange({ start: ['process'], end: ['process', '\uffff'] })) {
        if (isLive(String(key[1]))) continue;
        store.groups.removeSync(key);
        sawDead = true;
      }
    });
    if (sawDead) store.dropDeadReaders();
  }

  function isLive(key: string): boolean {
    if (key === processKey) return true;
    const row = store.groups.get(['process', key]) as ProcessRow | undefined;
    if (row === undefined || !pidExists(row.pid)) return false;
    const last = seen.get(key);
    if (last === undefined || last.beat !== row.beat) {
      seen.set(key, { beat: row.beat, at: performance.now() });
      return true;
    }
    return performance.now() - last.at < silentAfterMs;
  }

  return {
    processKey,
    isLive,
    start() {
      started ??= putBeat().then(
        () => {
          timer = setInterval(() => {
            writing = writing.then(putBeat).catch(onError);
          }, beatEveryMs);
        },
        (error: unknown) => {
          started = undefined;
          throw error;
        },
      );
      return started;
    },
    async stop() {
      if (started === undefined) return;
      await started;
      clearInterval(timer);
      await writing;
      await store.write(() => {
        store.groups.removeSync(['process', processKey]);
      });
    },
  };
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
