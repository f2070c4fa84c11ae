import { randomUUID } from 'node:crypto';
import type { RunningSubscription, Subscription, TopicPartition } from '../port/event-log.js';
import { GroupMember } from './group-member.js';
import type { HeadWatch } from './head-watch.js';
import type { Liveness } from './liveness.js';
import type { LmdbStore } from './lmdb-store.js';
import { type PartitionWork, workOnPartition } from './partition-work.js';
import type { Reader } from './reader.js';

/** How often a member looks for dead members, milliseconds; changes made by the living are seen at the next poll. */
const lookAroundEveryMs = 500;
const pauseAfterErrorMs = 200;

export interface LogParts {
  readonly store: LmdbStore;
  readonly reader: Reader;
  readonly watch: HeadWatch;
  readonly liveness: Liveness;
}

export async function startSubscription(parts: LogParts, subscription: Subscription): Promise<RunningSubscription> {
  await parts.liveness.start();
  const { group, topics } = subscription;
  const member = new GroupMember({ ...parts, group, topics, memberId: randomUUID() });
  await member.join();
  const stopping = new AbortController();
  const running = new GroupSession(parts, subscription, member).run(stopping.signal);
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

/** Keeps a member at work on its share of the partitions, whoever joins, leaves or dies. */
class GroupSession {
  readonly #parts: LogParts;
  readonly #subscription: Subscription;
  readonly #member: GroupMember;
  readonly #work = new Map<string, PartitionWork>();

  constructor(parts: LogParts, subscription: Subscription, member: GroupMember) {
    this.#parts = parts;
    this.#subscription = subscription;
    this.#member = member;
  }

  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      try {
        this.#parts.store.refresh();
        const seenVersion = this.#member.version();
        await this.#balance(stopping);
        const hasChanged = () => this.#member.version() !== seenVersion;
        await waitForChange(this.#parts.watch, hasChanged, lookAroundEveryMs, stopping);
      } catch (error) {
        this.#subscription.onError?.(error);
        await waitForChange(this.#parts.watch, () => false, pauseAfterErrorMs, stopping);
      }
    }
    await this.#leave();
  }

  async #balance(stopping: AbortSignal): Promise<void> {
    const { held, share } = this.#member.view();
    const heldPlaces = new Set(held.map(placeOf));
    const sharePlaces = new Set(share.map(placeOf));
    // A lease that is gone was taken over: this process had been silent for too long.
    await this.#drop(this.#working().filter((partition) => !heldPlaces.has(placeOf(partition))));
    const surplus = this.#working().filter((partition) => !sharePlaces.has(placeOf(partition)));
    await this.#drop(surplus);
    if (surplus.length > 0) await this.#member.release(surplus);
    if (!stopping.aborted) await this.#take(share.filter((partition) => !this.#work.has(placeOf(partition))));
  }

  async #take(partitions: readonly TopicPartition[]): Promise<void> {
    const taken = await this.#member.claim(partitions);
    if (taken.length === 0) return;
    const { startFrom, onAssigned } = this.#subscription;
    try {
      const offsets = await startFrom(taken);
      onAssigned?.(taken);
      taken.forEach((partition, index) => {
        this.#work.set(
          placeOf(partition),
          workOnPartition(this.#parts, this.#subscription, partition, offsets[index]!),
        );
      });
    } catch (error) {
      await this.#member.release(taken);
      throw error;
    }
  }

  async #drop(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return;
    await Promise.all(partitions.map(async (partition) => this.#work.get(placeOf(partition))?.stop()));
    for (const partition of partitions) this.#work.delete(placeOf(partition));
    this.#subscription.onRevoked?.(partitions);
  }

  async #leave(): Promise<void> {
    const working = this.#working();
    try {
      await this.#drop(working);
      await this.#member.release(working);
      await this.#member.leave();
    } catch (error) {
      this.#subscription.onError?.(error);
    }
  }

  #working(): TopicPartition[] {
    return [...this.#work.values()].map(({ partition }) => partition);
  }
}

function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function waitForChange(
  watch: HeadWatch,
  hasChanged: () => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timeout);
      stopListening();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timeout = setTimeout(end, timeoutMs);
    const stopListening = watch.onPoll(() => {
      if (hasChanged()) end();
    });
    signal.addEventListener('abort', end, { once: true });
  });
}
