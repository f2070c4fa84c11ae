import { randomUUID } from 'node:crypto';
import type { TopicName } from '@rapport/events';
import type { EventLog, LogRecord, RunningSubscription, Subscription } from '../port/event-log.js';
import type { LogUnderTest } from './event-log.contract.js';
import { highs } from './log-reading.js';

export const topic = 'touchpoints' satisfies TopicName;

export type Current = () => { readonly underTest: LogUnderTest; readonly log: EventLog };

export interface SubscriptionFixture {
  /** Where each partition of the topic ended when the test began. */
  readonly start: readonly number[];
  /** One key for each partition. */
  readonly partitionKeys: readonly string[];
  /** From `start` on, in a group of its own, with `changes`; stopped after the test. */
  subscribe(changes: Partial<Subscription>, log?: EventLog): Promise<RunningSubscription>;
  /** `count` records to each partition: `text 0`, `text 1`, ... */
  appendToAll(count: number, text?: string): Promise<void>;
}

/** What tests of subscriptions need, made anew for each test of one `describe`. */
export function subscriptionFixture(current: Current): SubscriptionFixture {
  const running: RunningSubscription[] = [];
  let start: number[];
  let partitionKeys: string[];

  beforeEach(async () => {
    start = await highs(current().log, topic);
    partitionKeys = await keysOfPartitions();
    start = await highs(current().log, topic);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((subscription) => subscription.stop()));
  });

  async function keysOfPartitions(): Promise<string[]> {
    const candidates = Array.from({ length: start.length * 20 }, (_, index) => `key-${index}`);
    const positions = await current().log.append(
      candidates.map((key) => ({ topic, key, value: Buffer.from('probe') })),
    );
    return start.map(
      (_, partition) => candidates[positions.findIndex((position) => position.partition === partition)]!,
    );
  }

  return {
    get start() {
      return start;
    },
    get partitionKeys() {
      return partitionKeys;
    },
    async subscribe(changes, log = current().log) {
      const subscription = await log.subscribe({
        group: `group-${randomUUID()}`,
        topics: [topic],
        startFrom: async (partitions) => partitions.map(({ partition }) => start[partition]!),
        onBatch: async ({ nextOffset }) => ({ goOnFrom: nextOffset }),
        lingerMs: 5,
        ...changes,
      });
      running.push(subscription);
      return subscription;
    },
    async appendToAll(count, text = 'value') {
      await current().log.append(
        Array.from({ length: count * start.length }, (_, index) => ({
          topic,
          key: partitionKeys[index % start.length]!,
          value: Buffer.from(`${text} ${Math.floor(index / start.length)}`),
        })),
      );
    },
  };
}

export function textsOf(records: readonly LogRecord[], partition: number): string[] {
  return records.filter((record) => record.partition === partition).map(({ value }) => String(value));
}

export function numbered(count: number, text = 'value'): string[] {
  return Array.from({ length: count }, (_, index) => `${text} ${index}`);
}
