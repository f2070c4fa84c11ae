import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicName } from '@rapport/events';
import type { TopicPartition } from '../port/event-log.js';
import { appendTimeOfChunk, filterChunk, scanChunk } from './chunk.js';
import type { LmdbStore } from './lmdb-store.js';

/** Chunks looked at, or changed, in one go: a bound of how long the event loop and the write lock are kept. */
const chunksAtOnce = 64;

/**
 * Drops the records of a compacted partition that a newer record of the same key replaces, and tombstones appended before
 * `tombstonesBefore` (ms). Offsets stay. Safe beside appends and beside another process's compaction.
 */
export async function compactPartition(
  store: LmdbStore,
  partition: TopicPartition,
  tombstonesBefore: number,
): Promise<void> {
  const newest = new Map<string, number>();
  const bases: number[] = [];
  let scannedTo = 0;
  for await (const [base, chunk] of chunksOf(store, partition)) {
    bases.push(base);
    scanChunk(chunk, (key, offsetInChunk) => {
      newest.set(key, base + offsetInChunk);
      scannedTo = base + offsetInChunk + 1;
    });
  }
  const isNeeded = (key: string, offset: number, isTombstone: boolean, appendedAt: number) =>
    offset >= scannedTo || (newest.get(key) === offset && !(isTombstone && appendedAt < tombstonesBefore));
  for (let first = 0; first < bases.length; first += chunksAtOnce) {
    const some = bases.slice(first, first + chunksAtOnce);
    if (some.some((base) => hasNeedless(store, partition, base, isNeeded))) {
      await store.write(() => some.forEach((base) => rewriteChunk(store, partition, base, isNeeded)));
    }
    await nextTurn();
  }
}

type IsNeeded = (key: string, offset: number, isTombstone: boolean, appendedAt: number) => boolean;

function hasNeedless(
  store: LmdbStore,
  { topic, partition }: TopicPartition,
  base: number,
  isNeeded: IsNeeded,
): boolean {
  const chunk = store.chunks.get([topic, partition, base]);
  if (chunk === undefined) return false;
  let found = false;
  scanChunk(chunk, (key, offsetInChunk, isTombstone) => {
    found ||= !isNeeded(key, base + offsetInChunk, isTombstone, appendTimeOfChunk(chunk));
  });
  return found;
}

function rewriteChunk(store: LmdbStore, { topic, partition }: TopicPartition, base: number, isNeeded: IsNeeded): void {
  const chunk = store.chunks.get([topic, partition, base]);
  if (chunk === undefined) return;
  const appendedAt = appendTimeOfChunk(chunk);
  const kept = filterChunk(chunk, (key, offsetInChunk, isTombstone) =>
    isNeeded(key, base + offsetInChunk, isTombstone, appendedAt),
  );
  if (kept === undefined) store.chunks.removeSync([topic, partition, base]);
  else if (kept.length < chunk.length) store.chunks.putSync([topic, partition, base], kept);
}

async function* chunksOf(
  store: LmdbStore,
  { topic, partition }: TopicPartition,
): AsyncGenerator<[base: number, chunk: Buffer]> {
  let from = 0;
  for (;;) {
    store.refresh();
    const some = [
      ...store.chunks.getRange({
        start: [topic, partition, from],
        end: [topic, partition + 1, 0],
        limit: chunksAtOnce,
      }),
    ];
    if (some.length === 0) return;
    for (const { key, value } of some) yield [key[2], value];
    from = some[some.length - 1]!.key[2] + 1;
    await nextTurn();
  }
}

/** Drops what was appended to a topic before `before` (ms), by whole chunks from the oldest on, and raises `low`. */
export async function trimTopic(store: LmdbStore, topic: TopicName, before: number): Promise<void> {
  store.refresh();
  for (const { partition } of store.bounds(topic)) {
    let isMore = true;
    while (isMore) {
      isMore = await store.write(() => trimOldest(store, { topic, partition }, before));
    }
  }
}

/** Inside a write transaction. Answers whether there may be more to drop. */
function trimOldest(store: LmdbStore, { topic, partition }: TopicPartition, before: number): boolean {
  const bounds = store.bounds(topic);
  const { high } = bounds[partition]!;
  let low = high;
  let dropped = 0;
  for (const { key, value } of [
    ...store.chunks.getRange({ start: [topic, partition, 0], end: [topic, partition + 1, 0], limit: chunksAtOnce + 1 }),
  ]) {
    if (appendTimeOfChunk(value) >= before || dropped === chunksAtOnce) {
      low = key[2];
      break;
    }
    store.chunks.removeSync(key);
    dropped += 1;
  }
  bounds[partition] = { ...bounds[partition]!, low: dropped === 0 ? bounds[partition]!.low : low };
  store.putBounds(topic, bounds);
  return dropped === chunksAtOnce;
}
