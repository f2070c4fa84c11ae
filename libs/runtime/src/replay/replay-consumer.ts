import type { TopicName } from '@rapport/events';
import type { PartitionBatch } from '@rapport/event-log';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { processIsolating } from '../consumer/isolate-failure.js';
import { storePosition } from '../consumer/positions.js';
import { isolationOf, type Consumer } from '../consumer/run-consumer.js';
import type { Platform } from '../platform/platform.js';
import { openCursor, type PartitionCursor } from './partition-cursor.js';
import { readInLogOrder } from './read-in-log-order.js';

const sql = {
  begin: loadSql(import.meta.url, 'begin-replay'),
  targets: loadSql(import.meta.url, 'read-replay-targets'),
  hold: loadSql(import.meta.url, 'hold-consumer'),
  forgetTimers: loadSql(import.meta.url, 'forget-timers'),
};

export interface ReplayOptions {
  /** Drops what the consumer has computed, in the transaction that sets its position to the beginning. */
  readonly clear: (tx: PoolClient) => Promise<void>;
  /** Records done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

const maxBatchRecords = 2000;

/**
 * Rebuilds what a consumer computed from the log: clears it, handles every record again up to where the consumer stood,
 * appends nothing that it appended before, and lets live members go on from there. A replay that was cut off may simply be
 * started again. Returns the number of records handled.
 */
export async function replayConsumer(consumer: Consumer, platform: Platform, options: ReplayOptions): Promise<number> {
  return inTransaction(platform.postgres, async (tx) => {
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await tx.query(sql.hold, [consumer.name]);
    return replayHeld(consumer, platform, options);
  });
}

async function replayHeld(consumer: Consumer, platform: Platform, options: ReplayOptions): Promise<number> {
  const { postgres, eventLog } = platform;
  const targets = await inTransaction(postgres, async (tx) => {
    await tx.query(sql.begin, [consumer.name]);
    await tx.query(sql.forgetTimers, [consumer.name]);
    await options.clear(tx);
    const { rows } = await tx.query<{ topic: TopicName; partition: number; until: number }>(sql.targets, [
      consumer.name,
    ]);
    return rows;
  });
  const cursors = targets.map((target) => openCursor(eventLog, target));
  const total = targets.reduce((sum, { until }) => sum + until, 0);
  const isolation = isolationOf(consumer, platform, platform.logger);
  const expected = new Map<PartitionCursor, number>();
  let done = 0;

  const handle = async (cursor: PartitionCursor, batch: PartitionBatch): Promise<void> => {
    const processed = await processIsolating(isolation, {
      batch,
      expected: expected.get(cursor) ?? 0,
      replaying: true,
    });
    if (processed.kind === 'fenced') throw new Error(`another replay of ${consumer.name} is under way`);
    expected.set(cursor, processed.position);
    done += batch.records.length;
    options.onProgress?.(Math.min(done, total), total);
  };

  await readInLogOrder(cursors, {
    maxBatchRecords: consumer.maxBatchRecords ?? maxBatchRecords,
    workers: 1,
    handle,
  });
  await inTransaction(postgres, async (tx) => {
    // Partitions whose records have all been trimmed or compacted away still end where the consumer stood.
    for (const target of targets) {
      const cursor = cursors.find((c) => c.topic === target.topic && c.partition === target.partition);
      if (cursor && !expected.has(cursor) && target.until > 0) {
        await storePosition(tx, consumer.name, target, { position: target.until, origins: {} });
      }
    }
  });
  return done;
}
