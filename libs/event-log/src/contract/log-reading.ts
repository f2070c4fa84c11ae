import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@rapport/events';
import type { EventLog, LogRecord } from '../port/event-log.js';

/** The `high` of every partition of a topic, by partition. */
export async function highs(log: EventLog, topic: TopicName): Promise<number[]> {
  return (await log.bounds(topic)).map(({ high }) => high);
}

/** Everything behind the given offsets, partition after partition. */
export async function readFrom(log: EventLog, topic: TopicName, offsets: readonly number[]): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const [partition, from] of offsets.entries()) {
    for await (const chunk of log.read({ topic, partition, from })) records.push(...chunk);
  }
  return records;
}

/** Waits until the condition holds; says what was missing when it does not in time. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not happen: ${what}`);
    await sleep(10);
  }
}
