import type { ServiceName, TopicName } from '@rapport/events';
import type { TopicPartition } from '@rapport/event-log';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { storePosition } from '../consumer/positions.js';
import type { Platform } from '../platform/platform.js';
import type { Builder, PartitionReading } from './builder.js';
import type { Stand } from './hold-live.js';
import type { RebuildProgress } from './progress.js';
import { readInLogOrder } from './read-in-log-order.js';

const ensure = loadSql(import.meta.url, 'ensure-shadow-positions');

/** Outputs below this offset are on the log already: a rebuild appends none at all. */
const everythingEmitted = Number.MAX_SAFE_INTEGER;

export interface ReplayerOptions {
  readonly name: ServiceName;
  /** Topics that are read after all others, up to their ends. */
  readonly decisions: readonly TopicName[];
  /** Of which topics each record comes after all that stood before it on any other. */
  readonly waits: (topic: TopicName) => boolean;
  readonly builders: readonly Builder[];
  /** Partitions handled side by side, by all builders together. */
  readonly lanes: number;
  /** At most; and no more than its builder has room for. */
  readonly maxBatchRecords: number;
  readonly progress: RebuildProgress;
}

/** Records that each builder may hold, in all its lanes together; they take about 2 kB of memory each. */
const recordsInHand = 100_000;

/** Leads a copy on along the log. */
export interface Replayer {
  /** Records between here and there. */
  remaining(stands: readonly Stand[]): number;
  advanceTo(stands: readonly Stand[]): Promise<void>;
}

/** `postgres` is that of the copy. */
export function createReplayer({ postgres }: Pick<Platform, 'postgres'>, options: ReplayerOptions): Replayer {
  const { name, decisions, waits, builders, lanes, progress } = options;
  const positions = new Map<string, number>();
  const from = (stand: TopicPartition): number => positions.get(nameOf(stand)) ?? 0;

  /** All topics of a partition go to one builder: their keys are the same people, whom it remembers. */
  const readAll = async (stands: readonly Stand[]): Promise<void> => {
    const lanesOfBuilder = Math.ceil(Math.min(lanes, partitionsOf(stands)) / builders.length);
    const maxBatchRecords = Math.min(options.maxBatchRecords, Math.floor(recordsInHand / Math.max(lanesOfBuilder, 1)));
    const readings = stands.map(({ topic, partition, position: until }) =>
      builders[(partition % lanes) % builders.length]!.read({
        topic,
        partition,
        from: from({ topic, partition }),
        until,
        maxBatchRecords,
      }),
    );
    await readInLogOrder(
      Array.from({ length: lanes }, (_, lane) => readings.filter(({ partition }) => partition % lanes === lane)),
      waits,
    );
    for (const reading of readings) positions.set(nameOf(reading), reading.position);
  };

  const remaining = (stands: readonly Stand[]): number =>
    stands.reduce((sum, stand) => sum + Math.max(0, stand.position - from(stand)), 0);

  return {
    remaining,
    async advanceTo(stands) {
      progress.aim(remaining(stands));
      await ensurePositions(postgres, name, stands);
      const isDecision = ({ topic }: Stand): boolean => decisions.includes(topic);
      await readAll(stands.filter((stand) => !isDecision(stand)));
      await readAll(stands.filter(isDecision));
      await skipTrimmed(
        postgres,
        name,
        stands.filter((stand) => from(stand) < stand.position),
      );
      for (const stand of stands) positions.set(nameOf(stand), Math.max(from(stand), stand.position));
    },
  };
}

function partitionsOf(stands: readonly Stand[]): number {
  return new Set(stands.map(({ partition }) => partition)).size;
}

function nameOf({ topic, partition }: Pick<PartitionReading, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}

async function ensurePositions(
  postgres: Platform['postgres'],
  name: ServiceName,
  stands: readonly Stand[],
): Promise<void> {
  const topics = stands.map(({ topic }) => topic);
  await postgres.query(ensure, [name, topics, stands.map(({ partition }) => partition), everythingEmitted]);
}

/** Partitions whose records have all been trimmed or compacted away still end where the consumer stood. */
async function skipTrimmed(postgres: Platform['postgres'], name: ServiceName, stands: readonly Stand[]): Promise<void> {
  await inTransaction(postgres, async (tx: PoolClient) => {
    for (const stand of stands) await storePosition(tx, name, stand, { position: stand.position, origins: {} });
  });
}
