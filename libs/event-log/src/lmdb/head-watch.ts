import type { TopicName } from '@rapport/events';
import type { PartitionBounds, TopicPartition } from '../port/event-log.js';
import type { LmdbStore } from './lmdb-store.js';

/** How long another process's append may stay unnoticed, milliseconds. Our own wake readers at once. */
const pollEveryMs = 15;

interface Waiter {
  readonly offset: number;
  readonly wake: () => void;
}

/** Knows the newest bounds of the partitions and wakes who waits for records in them. */
export interface HeadWatch {
  bounds(partition: TopicPartition): PartitionBounds;
  /** Resolves when the partition holds the offset `offset`, after `timeoutMs`, or when `signal` fires. */
  waitFor(
    partition: TopicPartition,
    offset: number,
    options: { readonly signal: AbortSignal; readonly timeoutMs?: number },
  ): Promise<void>;
  /** Looks for new records now. */
  refresh(): void;
  /** Calls `listener` at every look at the log until the answered function is called. */
  onPoll(listener: () => void): () => void;
  close(): void;
}

export function createHeadWatch(store: LmdbStore): HeadWatch {
  const heads = new Map<TopicName, PartitionBounds[]>();
  const waiters = new Map<string, Set<Waiter>>();
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  function refresh(): void {
    store.refresh();
    for (const [topic, known] of heads) {
      const bounds = store.bounds(topic);
      heads.set(topic, bounds);
      for (const { partition, high } of bounds) {
        if (high !== known[partition]?.high) wakeWaiters(`${topic}/${partition}`, high);
      }
    }
  }

  function wakeWaiters(place: string, high: number): void {
    for (const waiter of waiters.get(place) ?? []) {
      if (waiter.offset < high) waiter.wake();
    }
  }

  function boundsOf({ topic, partition }: TopicPartition): PartitionBounds {
    let known = heads.get(topic);
    if (known === undefined) {
      store.refresh();
      known = store.bounds(topic);
      heads.set(topic, known);
    }
    const bounds = known[partition];
    if (bounds === undefined) throw new Error(`The event log has no partition ${partition} of the topic ${topic}.`);
    return bounds;
  }

  function poll(): void {
    refresh();
    for (const listener of [...listeners]) listener();
  }

  return {
    bounds: boundsOf,
    refresh,
    waitFor(partition, offset, { signal, timeoutMs }) {
      if (signal.aborted || boundsOf(partition).high > offset) return Promise.resolve();
      return new Promise<void>((resolve) => {
        const place = `${partition.topic}/${partition.partition}`;
        const wake = () => {
          waiters.get(place)?.delete(waiter);
          clearTimeout(timeout);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const waiter: Waiter = { offset, wake };
        const timeout = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
        signal.addEventListener('abort', wake, { once: true });
        const others = waiters.get(place);
        if (others === undefined) waiters.set(place, new Set([waiter]));
        else others.add(waiter);
      });
    },
    onPoll(listener) {
      listeners.add(listener);
      timer ??= setInterval(poll, pollEveryMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    close() {
      clearInterval(timer);
    },
  };
}
