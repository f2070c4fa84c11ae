import type { ServiceName, TopicName } from '@rapport/events';
import { defaultMaxBatchRecords } from '@rapport/event-log';
import { inTransaction, loadSql, type TableDigest } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import { waitsForInputs } from '../consumer/inputs-before-timers.js';
import type { Consumer } from '../consumer/run-consumer.js';
import { appendLeft } from '../consumer/unappended.js';
import { exclusively } from '../exclusive/exclusively.js';
import type { Platform } from '../platform/platform.js';
import { createBuilder } from './builder.js';
import { holdLive, type Stand } from './hold-live.js';
import { createProgress, type RebuildProgress } from './progress.js';
import { createReplayer, type Replayer } from './replayer.js';
import type { Shadow } from './shadow.js';
import { builderIn, type BuildingThread, type ThreadedBuilder } from './threaded-builder.js';

const sql = {
  stands: loadSql(import.meta.url, 'read-live-positions'),
  epoch: loadSql(import.meta.url, 'read-erasure-epoch'),
  lockEpoch: loadSql(import.meta.url, 'lock-erasure-epoch'),
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
  /** Default: five times those of the live consumer. */
  readonly maxBatchRecords?: number;
  /** Partitions handled side by side. Default: two in each thread. */
  readonly workers?: number;
  /** Builds in these threads beside this one. Asked for again where all is built again: those before have ended then. */
  readonly threads?: () => readonly BuildingThread[];
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

/** Few enough to be handled while the live consumer waits. */
const shortRemainder = 2_000;
const maxRounds = 10;
const maxAttempts = 5;
/** The more of a person's records come together, the fewer times the row is read and written. */
const liveBatches = 5;
/** One handles while another waits for a database. */
const lanesOfBuilder = 2;

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
  const progress = createProgress(options.onProgress);
  const threads = threadsOf(platform, options, progress);
  let shadow: Shadow | undefined;
  try {
    shadow = await options.openShadow(platform, options.name);
    const consumer = await options.consumer(shadow.platform);
    const opened = Promise.all(threads.map((thread) => thread.open()));
    const builders = [createBuilder(consumer, shadow.platform, { onHandled: progress.add }), ...threads];
    const replayer = createReplayer(shadow.platform, {
      name: options.name,
      decisions: decisionTopics(consumer),
      waits: (topic) => waitsForInputs(consumer, topic),
      builders,
      lanes: options.workers ?? builders.length * lanesOfBuilder,
      maxBatchRecords: options.maxBatchRecords ?? liveBatches * (consumer.maxBatchRecords ?? defaultMaxBatchRecords),
      progress,
    });
    const copy = { shadow, consumer, replayer };
    await Promise.all([opened, approachLive(platform, copy, options)]);
    const tables = await takePlace(platform, copy, epoch, options);
    return { records: progress.done, tables };
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
    await shadow?.close();
  }
}

function threadsOf(
  { config }: Platform,
  { name, threads = () => [] }: RebuildOptions,
  { add: onHandled }: RebuildProgress,
): readonly ThreadedBuilder[] {
  return threads().map((thread) => builderIn(thread, { name, config }, { onHandled }));
}

/** A copy and who leads it on. */
interface CopyUnderWay {
  readonly shadow: Shadow;
  readonly consumer: Consumer;
  readonly replayer: Replayer;
}

/** Until so little is left that the live consumer can wait for it. */
async function approachLive(
  platform: Platform,
  { consumer, replayer }: CopyUnderWay,
  { name }: RebuildOptions,
): Promise<void> {
  for (let round = 0; round < maxRounds; round += 1) {
    const stands = await withDecisions(platform, consumer, await liveStands(platform, name));
    if (round > 0 && replayer.remaining(stands) < shortRemainder) return;
    await replayer.advanceTo(stands);
  }
}

/** Holds the live consumer, handles the rest, and swaps (or compares). */
function takePlace(
  platform: Platform,
  { shadow, consumer, replayer }: CopyUnderWay,
  epoch: number,
  options: RebuildOptions,
): Promise<readonly ComparedTable[]> {
  return inTransaction(platform.postgres, async (tx) => {
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
