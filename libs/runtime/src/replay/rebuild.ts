import type { ServiceName, TopicName } from '@rapport/events';
import type { PartitionBatch } from '@rapport/event-log';
import { inTransaction, loadSql, type TableDigest } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import { after, isRetriable, processIsolating } from '../consumer/isolate-failure.js';
import { storePosition } from '../consumer/positions.js';
import type { BatchToProcess } from '../consumer/process-batch.js';
import { isolationOf, type Consumer } from '../consumer/run-consumer.js';
import { appendLeft } from '../consumer/unappended.js';
import { exclusively } from '../exclusive/exclusively.js';
import type { Platform } from '../platform/platform.js';
import { holdLive, type Stand } from './hold-live.js';
import { openCursor, type PartitionCursor } from './partition-cursor.js';
import { readInLogOrder, type Reading } from './read-in-log-order.js';
import type { Shadow } from './shadow.js';

const sql = {
  stands: loadSql(import.meta.url, 'read-live-positions'),
  epoch: loadSql(import.meta.url, 'read-erasure-epoch'),
  lockEpoch: loadSql(import.meta.url, 'lock-erasure-epoch'),
  ensure: loadSql(import.meta.url, 'ensure-shadow-positions'),
};

export interface RebuildOptions {
  /** Opens the copy of its tables that the consumer builds in. */
  readonly openShadow: (platform: Platform, name: ServiceName) => Promise<Shadow>;
  /** The consumer, on the platform of the copy. */
  readonly consumer: (platform: Platform) => Consumer | Promise<Consumer>;
  readonly name: ServiceName;
  /** Tables that hold something else than what follows from the log; replaced like all, but not compared. */
  readonly notFromLog?: readonly string[];
  /** Compares live and rebuilt tables, at one moment, and leaves the live ones as they are. */
  readonly verify?: boolean;
  readonly maxBatchRecords?: number;
  /** Partitions handled side by side. */
  readonly workers?: number;
  /** Records done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Rebuilt {
  readonly records: number;
  /** Of live and rebuilt tables, by name; only with `verify`. */
  readonly tables: readonly ComparedTable[];
}

export interface ComparedTable {
  readonly table: string;
  readonly live: TableDigest;
  readonly rebuilt: TableDigest;
}

/** Outputs below this offset are on the log already: a rebuild appends none at all. */
const everythingEmitted = Number.MAX_SAFE_INTEGER;
/** Few enough to be handled while the live consumer waits. */
const shortRemainder = 2_000;
const maxRounds = 10;
const maxAttempts = 5;
/** The more of a person's records come together, the fewer times the row is read and written; bounded by memory. */
const defaultBatchRecords = 50_000;

/**
 * Computes what a consumer keeps anew from the log, beside the live tables: these go on serving and being kept up to
 * date. In the end the live consumer is held between two batches, the rest of the log up to where it stands is handled,
 * and the rows are replaced in one transaction. Nothing is appended. One that was cut off is started again; nobody has
 * seen anything of it. Throws `RebuildUnderWayError` while another process does the same.
 */
export async function rebuild(platform: Platform, options: RebuildOptions): Promise<Rebuilt> {
  const { name } = options;
  // Two would build in one and the same copy.
  const rebuilt = await exclusively(platform.postgres, `rapport/rebuild/${name}`, () =>
    rebuildAlone(platform, options),
  );
  if (rebuilt === undefined) throw new RebuildUnderWayError(name);
  return rebuilt.done;
}

export class RebuildUnderWayError extends Error {
  override readonly name = 'RebuildUnderWayError';
  constructor(consumer: string) {
    super(`Another replay of ${consumer} is under way. Start this one again when that is done.`);
  }
}

async function rebuildAlone(platform: Platform, options: RebuildOptions): Promise<Rebuilt> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rebuildOnce(platform, options);
    } catch (error) {
      if (!(error instanceof ErasedMeanwhileError) || attempt === maxAttempts) throw error;
    }
  }
}

/** What was built holds a person who has been erased since: it is thrown away and built again without them. */
class ErasedMeanwhileError extends Error {
  override readonly name = 'ErasedMeanwhileError';
  constructor() {
    super('People were erased again and again while this was rebuilt. Start the replay again when that is over.');
  }
}

async function rebuildOnce(platform: Platform, options: RebuildOptions): Promise<Rebuilt> {
  const epoch = await erasureEpoch(platform.postgres, sql.epoch);
  const shadow = await options.openShadow(platform, options.name);
  try {
    const consumer = await options.consumer(shadow.platform);
    const replayer = createReplayer(consumer, shadow.platform, options);
    for (let round = 0; round < maxRounds; round += 1) {
      const stands = await withDecisions(platform, consumer, await liveStands(platform, options.name));
      if (round > 0 && replayer.remaining(stands) < shortRemainder) break;
      await replayer.advanceTo(stands);
    }
    const tables = await inTransaction(platform.postgres, async (tx) => {
      const stands = await holdLive(tx, {
        name: options.name,
        isSeveralTransactions: isSeveralTransactions(consumer),
        settled: () => shadow.settled(),
      });
      // A batch of a process that died may have decided and not said so; nobody else can while all are held.
      await appendLeft({ eventLog: platform.eventLog, postgres: tx }, options.name);
      await replayer.advanceTo(await withDecisions(platform, consumer, stands));
      // Last, because whoever ends an erasure waits for this lock, and others wait for them.
      if ((await erasureEpoch(tx, sql.lockEpoch)) !== epoch) throw new ErasedMeanwhileError();
      if (options.verify) return fromLog(await shadow.compare(tx), options);
      await shadow.swap(tx);
      return [];
    });
    return { records: replayer.done(), tables };
  } finally {
    await shadow.close();
  }
}

function isSeveralTransactions(consumer: Consumer): boolean {
  return !('handle' in consumer) || consumer.prepare !== undefined;
}

function fromLog(tables: readonly ComparedTable[], { notFromLog = [] }: RebuildOptions): readonly ComparedTable[] {
  return tables.filter(({ live }) => !notFromLog.includes(live.table));
}

async function erasureEpoch(db: Pick<PoolClient, 'query'> | Pool, text: string): Promise<number> {
  const { rows } = await db.query<{ value: number }>(text);
  return rows[0]?.value ?? 0;
}

async function liveStands({ postgres }: Platform, name: ServiceName): Promise<readonly Stand[]> {
  const { rows } = await postgres.query<Stand>(sql.stands, [name]);
  return rows;
}

/** Decisions go up to the end of their topics: what is on the log was committed before. */
async function withDecisions(
  { eventLog }: Platform,
  consumer: Consumer,
  stands: readonly Stand[],
): Promise<readonly Stand[]> {
  const bounds = await Promise.all(decisionTopics(consumer).map((topic) => eventLog.bounds(topic)));
  return [...stands, ...bounds.flat().map(({ topic, partition, high: position }) => ({ topic, partition, position }))];
}

function decisionTopics(consumer: Consumer): readonly TopicName[] {
  return ('handle' in consumer && consumer.decisions) || [];
}

interface Replayer {
  /** Records between here and there. */
  remaining(stands: readonly Stand[]): number;
  advanceTo(stands: readonly Stand[]): Promise<void>;
  done(): number;
}

function createReplayer(consumer: Consumer, platform: Platform, options: RebuildOptions): Replayer {
  const isolation = isolationOf(consumer, platform, platform.logger);
  const positions = new Map<string, number>();
  const nameOf = ({ topic, partition }: Pick<Stand, 'topic' | 'partition'>): string => `${topic}/${partition}`;
  const from = (stand: Pick<Stand, 'topic' | 'partition'>): number => positions.get(nameOf(stand)) ?? 0;
  const remaining = (stands: readonly Stand[]): number =>
    stands.reduce((sum, stand) => sum + Math.max(0, stand.position - from(stand)), 0);
  let done = 0;
  const maxBatchRecords = options.maxBatchRecords ?? Math.max(consumer.maxBatchRecords ?? 0, defaultBatchRecords);

  const handle = async (cursor: PartitionCursor, batch: PartitionBatch): Promise<void> => {
    let left: BatchToProcess = { batch, expected: from(cursor) };
    while (left.expected < batch.nextOffset) {
      const processed = await untilNoRaceIsLost(() => processIsolating(isolation, left));
      if (processed.kind === 'fenced') throw new Error(`another rebuild of ${consumer.name} is under way`);
      positions.set(nameOf(cursor), processed.position);
      left = after(processed.position, left);
    }
    done += batch.records.length;
  };

  const openCursors = (stands: readonly Stand[]): readonly PartitionCursor[] =>
    stands.map((stand) => openCursor(platform.eventLog, { ...stand, from: from(stand), until: stand.position }));

  return {
    remaining,
    done: () => done,
    async advanceTo(stands) {
      await ensurePositions(platform, consumer.name, stands);
      const total = done + remaining(stands);
      const isDecision = ({ topic }: Stand): boolean => decisionTopics(consumer).includes(topic);
      const inputs = openCursors(stands.filter((stand) => !isDecision(stand)));
      const decided = openCursors(stands.filter(isDecision));
      const reading: Reading = {
        maxBatchRecords,
        workers: options.workers ?? 2,
        handle: async (cursor, batch) => {
          await handle(cursor, batch);
          options.onProgress?.(Math.min(done, total), total);
        },
      };
      await readInLogOrder(inputs, reading);
      await readInLogOrder(decided, reading);
      await skipTrimmed(
        platform,
        consumer.name,
        stands.filter((stand) => from(stand) < stand.position),
      );
      for (const stand of stands) positions.set(nameOf(stand), Math.max(from(stand), stand.position));
    },
  };
}

async function ensurePositions({ postgres }: Platform, name: ServiceName, stands: readonly Stand[]): Promise<void> {
  const topics = stands.map(({ topic }) => topic);
  await postgres.query(sql.ensure, [name, topics, stands.map(({ partition }) => partition), everythingEmitted]);
}

/** Partitions whose records have all been trimmed or compacted away still end where the consumer stood. */
async function skipTrimmed({ postgres }: Platform, name: ServiceName, stands: readonly Stand[]): Promise<void> {
  await inTransaction(postgres, async (tx: PoolClient) => {
    for (const stand of stands) await storePosition(tx, name, stand, { position: stand.position, origins: {} });
  });
}

/** Workers may meet on one person in PostgreSQL: one goes first, the other again. */
async function untilNoRaceIsLost<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetriable(error) || attempt >= 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
    }
  }
}
