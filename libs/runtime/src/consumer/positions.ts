import type { ServiceName } from '@rapport/events';
import type { TopicPartition } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';

const sql = {
  ensure: loadSql(import.meta.url, 'ensure-positions'),
  read: loadSql(import.meta.url, 'read-positions'),
  lock: loadSql(import.meta.url, 'lock-position'),
  store: loadSql(import.meta.url, 'store-position'),
  plan: loadSql(import.meta.url, 'plan-batch'),
};

/** The highest [offset, sequence] passed, by `producer topic partition` of the origin. */
export type PassedOrigins = Readonly<Record<string, readonly [offset: number, sequence: number]>>;

export interface Position {
  readonly position: number;
  readonly emitted: number;
  readonly origins: PassedOrigins;
  readonly plannedUntil: number | undefined;
  /** A replay holds the consumer: no live member may begin a batch. */
  readonly held: boolean;
  /** Grows whenever an erasure begins or ends. */
  readonly erasureEpoch: number;
  /** What was committed with this position and may not stand on the log yet. */
  readonly unappended: Buffer | undefined;
}

export async function readPositions(
  pool: Pool,
  consumer: ServiceName,
  partitions: readonly TopicPartition[],
): Promise<readonly number[]> {
  const parameters = [consumer, partitions.map(({ topic }) => topic), partitions.map(({ partition }) => partition)];
  await pool.query(sql.ensure, parameters);
  const { rows } = await pool.query<{ position: number }>(sql.read, parameters);
  return rows.map(({ position }) => position);
}

/** Holds the position until the transaction ends: nobody else can go on from here meanwhile. */
export async function lockPosition(tx: PoolClient, consumer: ServiceName, at: TopicPartition): Promise<Position> {
  const { rows } = await tx.query<{
    position: number;
    emitted: number;
    origins: PassedOrigins;
    planned_until: number | null;
    held: boolean;
    erasure_epoch: number;
    unappended: Buffer | null;
  }>({ name: 'lock-position', text: sql.lock, values: [consumer, at.topic, at.partition] });
  const row = rows[0];
  if (!row) throw new Error(`${consumer} has no position on ${at.topic}/${at.partition}; it was never assigned`);
  return {
    position: row.position,
    emitted: row.emitted,
    origins: row.origins,
    plannedUntil: row.planned_until ?? undefined,
    held: row.held,
    erasureEpoch: row.erasure_epoch,
    unappended: row.unappended ?? undefined,
  };
}

export async function storePosition(
  tx: PoolClient,
  consumer: ServiceName,
  at: TopicPartition,
  next: { readonly position: number; readonly origins: PassedOrigins; readonly unappended?: Buffer },
): Promise<void> {
  const { position, origins, unappended = null } = next;
  const values = [consumer, at.topic, at.partition, position, JSON.stringify(origins), unappended];
  await tx.query({ name: 'store-position', text: sql.store, values });
}

export async function planBatch(
  tx: PoolClient,
  consumer: ServiceName,
  at: TopicPartition,
  plannedUntil: number,
): Promise<void> {
  await tx.query({ name: 'plan-batch', text: sql.plan, values: [consumer, at.topic, at.partition, plannedUntil] });
}
