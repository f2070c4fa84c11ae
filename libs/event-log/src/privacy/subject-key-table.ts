import { open, type Database, type RootDatabase } from 'lmdb';
import { asWriteInHand } from '../lmdb/write-in-hand.js';
import { UndecodableRecordError, type EventCodec } from '../port/event-codec.js';
import type { EventLog, LogRecord, PartitionBounds } from '../port/event-log.js';

const topic = 'subject-keys';

/** Kafka keeps tombstones for a day after compaction; a table that is further behind may have missed one. */
const rebuildAfterMs = 12 * 60 * 60 * 1000;
const noteEveryMs = 60 * 60 * 1000;

/** What the log says of one data key: wrapped, or erased by a tombstone. */
export type StoredKey =
  | {
      readonly keyId: string;
      readonly masterKeyId: string;
      readonly wrappedKey: Uint8Array;
      readonly createdAt: number;
    }
  | { readonly keyId: string; readonly erased: true };

export interface LiveKey {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  readonly masterKeyId: string;
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

export interface StoredSubject {
  readonly workspaceId: string;
  readonly keys: readonly StoredKey[];
}

/** Told about a record of the topic that is no subject key; the table goes on without it. */
export type OnUndecodable = (record: LogRecord, error: UndecodableRecordError) => void;

interface KeyChange {
  readonly offset: number;
  readonly subjectId: string;
  readonly workspaceId?: string;
  readonly key: StoredKey;
}

interface TableOptions {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly folder: string;
  readonly clock: () => number;
  readonly onUndecodable?: OnUndecodable;
}

/**
 * The compacted topic `subject-keys` as a table on the local disk, with the position it reflects. Several processes may
 * share the folder: each applies what is new, and applying twice changes nothing. It can be deleted at any time.
 */
export class SubjectKeyTable {
  /** The table holds all that was on the log at this time (milliseconds since the epoch). */
  reflects = Number.NEGATIVE_INFINITY;
  private readonly root: RootDatabase;
  private readonly subjects: Database<StoredSubject, string>;
  /** `position/<partition>`: next offset to apply; `caughtUpAt`; `epoch`: counts rebuilds. */
  private readonly progress: Database<number, string>;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: TableOptions) {
    this.root = open({ path: options.folder, noSubdir: false, maxDbs: 4 });
    this.subjects = this.root.openDB({ name: 'subjects' });
    this.progress = this.root.openDB({ name: 'progress' });
  }

  get(subjectId: string): StoredSubject | undefined {
    return this.subjects.get(subjectId);
  }

  /** Every key that is not erased, as of the last time the table caught up. */
  *liveKeys(): Generator<LiveKey> {
    for (const { key: subjectId, value } of this.subjects.getRange()) {
      for (const key of value.keys) if (!('erased' in key)) yield { workspaceId: value.workspaceId, subjectId, ...key };
    }
  }

  isErased(subjectId: string, keyId: string): boolean {
    const key = this.get(subjectId)?.keys.find((candidate) => candidate.keyId === keyId);
    return key !== undefined && 'erased' in key;
  }

  /** Resolves once the table holds everything that was on the log when this was called. */
  catchUp(): Promise<void> {
    if (this.running === undefined) return this.start();
    return (this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.start();
      }));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running?.catch(() => undefined);
    await this.root.close();
  }

  private start(): Promise<void> {
    const run = this.applyNew().finally(() => {
      if (this.running === run) this.running = undefined;
    });
    return (this.running = run);
  }

  private async applyNew(): Promise<void> {
    const startedAt = this.options.clock();
    const bounds = await this.options.eventLog.bounds(topic);
    if (this.mustRebuild(bounds, startedAt)) await this.clear();
    const epoch = this.epoch();
    for (const partition of bounds) {
      if (!(await this.applyPartition(partition, epoch))) return this.applyNew();
    }
    this.reflects = startedAt;
    const noted = this.progress.get('caughtUpAt');
    if (noted === undefined || startedAt - noted > noteEveryMs) await this.progress.put('caughtUpAt', startedAt);
  }

  /** False when another process began a rebuild meanwhile. */
  private async applyPartition({ partition, low, high }: PartitionBounds, epoch: number): Promise<boolean> {
    const from = Math.max(low, this.position(partition));
    if (from >= high) return true;
    for await (const records of this.options.eventLog.read({ topic, partition, from, to: high })) {
      if (this.closed) throw new Error('the vault was closed');
      const nextOffset = (records.at(-1)?.offset ?? from - 1) + 1;
      if (!(await this.apply(records, partition, nextOffset, epoch))) return false;
    }
    return this.apply([], partition, high, epoch);
  }

  private epoch(): number {
    return this.progress.get('epoch') ?? 0;
  }

  private position(partition: number): number {
    return this.progress.get(`position/${partition}`) ?? 0;
  }

  private mustRebuild(bounds: readonly PartitionBounds[], now: number): boolean {
    const caughtUpAt = this.progress.get('caughtUpAt');
    if (caughtUpAt === undefined) return false;
    if (now - caughtUpAt > rebuildAfterMs) return true;
    return bounds.some(({ partition, low, high }) => {
      const position = this.position(partition);
      return position > high || (position > 0 && position < low);
    });
  }

  private async clear(): Promise<void> {
    await this.write(() => {
      const epoch = this.epoch();
      this.subjects.clearSync();
      this.progress.clearSync();
      this.progress.putSync('epoch', epoch + 1);
    });
  }

  private async apply(
    records: readonly LogRecord[],
    partition: number,
    nextOffset: number,
    epoch: number,
  ): Promise<boolean> {
    const changes = records.map((record) => this.changeOf(record)).filter((change) => change !== undefined);
    return this.write(() => {
      if (this.epoch() !== epoch) return false;
      // Another process may be ahead: what it has applied must not come back, for a tombstone may follow it.
      const position = this.position(partition);
      for (const change of changes) if (change.offset >= position) this.put(change);
      this.progress.putSync(`position/${partition}`, Math.max(nextOffset, position));
      return true;
    });
  }

  private write<T>(action: () => T): Promise<T> {
    return asWriteInHand(() => this.root.transaction(action));
  }

  private put({ subjectId, workspaceId, key }: KeyChange): void {
    const stored = this.subjects.get(subjectId);
    // What was erased stays erased, whatever stands behind the tombstone: key ids are never used twice.
    const known = stored?.keys.find(({ keyId }) => keyId === key.keyId);
    if (known !== undefined && 'erased' in known) return;
    const keys = stored?.keys.filter(({ keyId }) => keyId !== key.keyId) ?? [];
    this.subjects.putSync(subjectId, { workspaceId: workspaceId ?? stored?.workspaceId ?? '', keys: [...keys, key] });
  }

  private changeOf({ offset, key, value, ...record }: LogRecord): KeyChange | undefined {
    if (value === null) {
      const slash = key.lastIndexOf('/');
      return { offset, subjectId: key.slice(0, slash), key: { keyId: key.slice(slash + 1), erased: true } };
    }
    try {
      const event = this.options.codec.decode(value);
      if (event.name !== 'subject-key') throw new UndecodableRecordError(`a ${event.name} does not belong on ${topic}`);
      const { subjectId, workspaceId, ...stored } = event.value;
      return { offset, subjectId, workspaceId, key: stored };
    } catch (error) {
      if (!(error instanceof UndecodableRecordError)) throw error;
      this.options.onUndecodable?.({ offset, key, value, ...record }, error);
      return undefined;
    }
  }
}
