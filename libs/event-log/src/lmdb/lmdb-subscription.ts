import { randomUUID } from 'node:crypto';
import type { RunningSubscription, Subscription, TopicPartition } from '../port/event-log.js';
import { createGroupMember, type GroupMember } from './group-member.js';
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
  const member = createGroupMember({ ...parts, group, topics, memberId: randomUUID() });
  await member.join();
  const stopping = new AbortController();
  const session = createSession(parts, subscription, member, stopping.signal);
  const running = session.run();
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= (async () => {
        stopping.abort();
        await running;
      })();
      return stopped;
    },
  };
}

function createSession(parts: LogParts, subscription: Subscription, member: GroupMember, stopping: AbortSignal) {
  const work = new Map<string, PartitionWork>();
  const report = (error: unknown) => subscription.onError?.(error);

  /** Ends the work on partitions; with `release`, gives back the leases once the handlers are done. */
  async function drop(partitions: readonly TopicPartition[], release: boolean): Promise<void> {
    const dropped = partitions.filter((partition) => work.has(placeOf(partition)));
    if (dropped.length === 0) return;
    await Promise.all(dropped.map((partition) => work.get(placeOf(partition))!.stop()));
    for (const partition of dropped) work.delete(placeOf(partition));
    subscription.onRevoked?.(dropped);
    if (release) await member.release(dropped);
  }

  async function take(partitions: readonly TopicPartition[]): Promise<void> {
    const taken = await member.claim(partitions);
    if (taken.length === 0) return;
    try {
      const offsets = await subscription.startFrom(taken);
      subscription.onAssigned?.(taken);
      taken.forEach((partition, index) => {
        work.set(placeOf(partition), workOnPartition(parts, subscription, partition, offsets[index]!));
      });
    } catch (error) {
      await member.release(taken);
      throw error;
    }
  }

  async function balance(): Promise<void> {
    const { held, share } = member.view();
    const heldPlaces = new Set(held.map(placeOf));
    const sharePlaces = new Set(share.map(placeOf));
    const working = [...work.values()].map(({ partition }) => partition);
    await drop(
      working.filter((partition) => !heldPlaces.has(placeOf(partition))),
      false,
    );
    await drop(
      working.filter((partition) => !sharePlaces.has(placeOf(partition))),
      true,
    );
    await take(share.filter((partition) => !work.has(placeOf(partition))));
  }

  async function run(): Promise<void> {
    let seenVersion = -1;
    while (!stopping.aborted) {
      try {
        parts.store.refresh();
        seenVersion = member.version();
        await balance();
        await waitForChange(parts.watch, () => member.version() !== seenVersion, lookAroundEveryMs, stopping);
      } catch (error) {
        report(error);
        await waitForChange(parts.watch, () => false, pauseAfterErrorMs, stopping);
      }
    }
    await leave();
  }

  async function leave(): Promise<void> {
    try {
      await drop(
        [...work.values()].map(({ partition }) => partition),
        true,
      );
      await member.leave();
    } catch (error) {
      report(error);
    }
  }

  return { run };
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
