import { type Database, open, type RootDatabase } from 'lmdb';
import type { TopicName } from '@rapport/events';
import { EventLogUnavailableError, type PartitionBounds } from '../port/event-log.js';
import { asWriteInHand } from './write-in-hand.js';

/**
 * Address space, not disk: the file grows with its content. Larger than any log this adapter is meant for, because
 * growing the map of a file that several processes have open is the one thing LMDB is touchy about.
 */
const mapBytes = 2 ** 40;

type ChunkKey = [topic: string, partition: number, base: number];
type GroupKey = (string | number)[];

/** The tables of a log and the one way to write them. */
export interface LmdbStore {
  /**
   * Runs `action` in a write transaction: exclusive among all processes, all or nothing, on disk when it resolves. Not
   * visible to any reader before that, so that nobody acts on a record that a power failure could still take back.
   */
  write<T>(action: () => T): Promise<T>;
  /** Makes the reads that follow see the newest commit of every process. */
  refresh(): void;
  bounds(topic: TopicName): PartitionBounds[];
  /** Only inside `write`. */
  putBounds(topic: TopicName, bounds: readonly PartitionBounds[]): void;
  /** Frees what processes that were killed while they read still hold back. */
  dropDeadReaders(): void;
  readonly chunks: Database<Buffer, ChunkKey>;
  readonly groups: Database<unknown, GroupKey>;
  close(): Promise<void>;
}

export function openLmdbStore(folder: string): LmdbStore {
  const root = openRoot(folder);
  const chunks = root.openDB<Buffer, ChunkKey>({ name: 'chunks', encoding: 'binary' });
  const heads = root.openDB<Buffer, string>({ name: 'bounds', encoding: 'binary' });
  const groups = root.openDB<unknown, GroupKey>({ name: 'groups', encoding: 'json' });
  return {
    chunks,
    groups,
    write: (action) => writeTransaction(root, folder, action),
    refresh: () => root.resetReadTxn(),
    bounds: (topic) => decodeBounds(topic, heads.get(topic)),
    putBounds: (topic, bounds) => heads.putSync(topic, encodeBounds(bounds)),
    dropDeadReaders: () => void root.readerCheck(),
    close: () => root.close(),
  };
}

function openRoot(folder: string): RootDatabase {
  try {
    return open({
      path: folder,
      maxDbs: 8,
      mapSize: mapBytes,
      encoding: 'binary',
      // It would show a commit to readers before it is on disk.
      overlappingSync: false,
      // It makes a promise nobody sees, whose rejection on a full disk would end the process. Our writes are grouped already.
      eventTurnBatching: false,
    });
  } catch (error) {
    throw new EventLogUnavailableError(
      `The event log in ${folder} cannot be opened: ${messageOf(error)}. Check that the folder is writable and on a local disk.`,
      { cause: error },
    );
  }
}

async function writeTransaction<T>(root: RootDatabase, folder: string, action: () => T): Promise<T> {
  const outcome: { done?: { readonly value: T } } = {};
  try {
    await asWriteInHand(() =>
      root.childTransaction(() => {
        outcome.done = { value: action() };
      }),
    );
  } catch (error) {
    const cause = await causeOf(error);
    throw new EventLogUnavailableError(
      `The event log in ${folder} cannot write: ${messageOf(cause)}. If its disk is full, free some space; nothing else is to be done.`,
      { cause, retryAfterSeconds: 5 },
    );
  }
  return outcome.done!.value;
}

/** lmdb-js rejects with a wrapper; what went wrong comes by a promise on it. */
async function causeOf(error: unknown): Promise<unknown> {
  if (error instanceof Error && 'commitError' in error) {
    return Promise.resolve(error.commitError).then(
      () => error,
      (cause: unknown) => cause,
    );
  }
  return error;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const boundsBytes = 16;

function encodeBounds(bounds: readonly PartitionBounds[]): Buffer {
  const bytes = Buffer.allocUnsafe(bounds.length * boundsBytes);
  bounds.forEach(({ low, high }, partition) => {
    bytes.writeDoubleLE(low, partition * boundsBytes);
    bytes.writeDoubleLE(high, partition * boundsBytes + 8);
  });
  return bytes;
}

function decodeBounds(topic: TopicName, bytes: Buffer | undefined): PartitionBounds[] {
  if (bytes === undefined) return [];
  const bounds: PartitionBounds[] = [];
  for (let partition = 0; partition * boundsBytes < bytes.length; partition += 1) {
    bounds.push({
      topic,
      partition,
      low: bytes.readDoubleLE(partition * boundsBytes),
      high: bytes.readDoubleLE(partition * boundsBytes + 8),
    });
  }
  return bounds;
}
