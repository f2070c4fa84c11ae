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
export class HeadWatch {
  readonly #store: LmdbStore;
  readonly #bounds = new Map<TopicName, PartitionBounds[]>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: LmdbStore) {
    this.#store = store;
  }

  boundsOf({ topic, partition }: TopicPartition): PartitionBounds {
    let known = this.#bounds.get(topic);
    if (known === undefined) {
      this.#store.refresh();
      known = this.#store.bounds(topic);
      this.#bounds.set(topic, known);
    }
    const bounds = known[partition];
    if (bounds === undefined) throw new Error(`The event log has no partition ${partition} of the topic ${topic}.`);
    return bounds;
  }

  /** Looks for new records now. */
  refresh(): void {
    this.#store.refresh();
    for (const [topic, known] of this.#bounds) {
      const bounds = this.#store.bounds(topic);
      this.#bounds.set(topic, bounds);
      for (const { partition, high } of bounds) {
        if (high !== known[partition]?.high) this.#wakeWaiters(`${topic}/${partition}`, high);
      }
    }
  }

  /** Resolves when the partition holds a record at `offset` or behind, after `timeoutMs`, or when `signal` fires. */
  waitFor(
    partition: TopicPartition,
    offset: number,
    { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs?: number },
  ): Promise<void> {
    if (signal.aborted || timeoutMs === 0 || this.boundsOf(partition).high > offset) return Promise.resolve();
    const waiters = this.#waitersOf(partition);
    return new Promise<void>((resolve) => {
      const wake = () => {
        waiters.delete(waiter);
        clearTimeout(timeout);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { offset, wake };
      const timeout = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
      signal.addEventListener('abort', wake, { once: true });
      waiters.add(waiter);
    });
  }

  /** Calls `listener` at every look at the log until the answered function is called. */
  onPoll(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#poll(), pollEveryMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #poll(): void {
    this.refresh();
    for (const listener of [...this.#listeners]) listener();
  }

  #wakeWaiters(place: string, high: number): void {
    for (const waiter of this.#waiters.get(place) ?? []) {
      if (waiter.offset < high) waiter.wake();
    }
  }

  #waitersOf({ topic, partition }: TopicPartition): Set<Waiter> {
    const place = `${topic}/${partition}`;
    let waiters = this.#waiters.get(place);
    if (waiters === undefined) this.#waiters.set(place, (waiters = new Set()));
    return waiters;
  }
}
