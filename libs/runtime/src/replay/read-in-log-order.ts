import type { PartitionBatch } from '@rapport/event-log';
import { barrierTopics } from '../consumer/inputs-before-timers.js';
import type { PartitionCursor } from './partition-cursor.js';

export interface Reading {
  readonly maxBatchRecords: number;
  /** Partitions that are handled side by side; each of them in order. */
  readonly workers: number;
  readonly handle: (cursor: PartitionCursor, batch: PartitionBatch) => Promise<void>;
}

/** Hands out all records that the cursors have before them; timers after all that stood before them on the log. */
export async function readInLogOrder(cursors: readonly PartitionCursor[], reading: Reading): Promise<void> {
  const waiting = cursors.filter(({ topic }) => barrierTopics.has(topic));
  const others = cursors.filter(({ topic }) => !barrierTopics.has(topic));
  for (;;) {
    const barrier = await earliest(waiting);
    let moved = await advanceAll(others, barrier ?? Infinity, reading);
    const head = await earliest(others);
    moved = (await advanceAll(waiting, head ?? Infinity, reading)) || moved;
    if (!moved) return;
  }
}

async function advanceAll(cursors: readonly PartitionCursor[], notAfter: number, reading: Reading): Promise<boolean> {
  const left = [...cursors];
  let moved = false;
  const worker = async (): Promise<void> => {
    for (let cursor = left.shift(); cursor; cursor = left.shift()) {
      for (;;) {
        const batch = await cursor.take(notAfter, reading.maxBatchRecords);
        if (!batch) break;
        moved = true;
        await reading.handle(cursor, batch);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, reading.workers) }, worker));
  return moved;
}

async function earliest(cursors: readonly PartitionCursor[]): Promise<number | undefined> {
  const times = (await Promise.all(cursors.map((cursor) => cursor.peek()))).filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}
