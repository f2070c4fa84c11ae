import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicName } from '@rapport/events';
import { createEventLog, type EventLogConfig } from '../create-event-log.js';
import type { EventLog } from '../port/event-log.js';

/** What a test asks of a process of its own: to be a member of a group, or to append without end. */
export type WorkerTask =
  | { readonly kind: 'consume'; readonly config: EventLogConfig; readonly group: string; readonly topic: TopicName }
  | { readonly kind: 'append'; readonly config: EventLogConfig; readonly writer: string; readonly topic: TopicName }
  /** Append until it is refused; then say so, and go on trying three more times. */
  | { readonly kind: 'fill'; readonly config: EventLogConfig; readonly topic: TopicName };

export type WorkerReport =
  | { readonly kind: 'assigned'; readonly partitions: number }
  /** The records up to `through` (a count from 0) of this writer are durable. */
  | { readonly kind: 'appended'; readonly through: number }
  | { readonly kind: 'refused'; readonly appended: number; readonly errors: readonly string[] };

function report(message: WorkerReport): void {
  process.send?.(message);
}

async function consume(log: EventLog, { group, topic }: Extract<WorkerTask, { kind: 'consume' }>): Promise<void> {
  const bounds = await log.bounds(topic);
  await log.subscribe({
    group,
    topics: [topic],
    startFrom: async (partitions) => partitions.map(({ partition }) => bounds[partition]!.high),
    onAssigned: (partitions) => report({ kind: 'assigned', partitions: partitions.length }),
    // Never done: what this member holds has to be handled by another one.
    onBatch: async (_, signal) => {
      while (!signal.aborted) await sleep(50);
      throw new Error('taken away');
    },
  });
}

async function appendForEver(log: EventLog, { writer, topic }: Extract<WorkerTask, { kind: 'append' }>): Promise<void> {
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let count = lane; ; count += 4) {
      const records = Array.from({ length: 5 }, (_ignored, part) => ({
        topic,
        key: `${writer}-${lane}`,
        value: Buffer.from(`${writer} ${count} ${part}`.padEnd(700)),
      }));
      await log.append(records);
      report({ kind: 'appended', through: count });
    }
  });
  await Promise.all(lanes);
}

async function appendUntilFull(log: EventLog, { topic }: Extract<WorkerTask, { kind: 'fill' }>): Promise<void> {
  const errors: string[] = [];
  let appended = 0;
  await log.ensureTopics();
  while (errors.length < 4) {
    try {
      await log.append([{ topic, key: `key-${appended}`, value: Buffer.alloc(100_000, 'x') }]);
      appended += 1;
    } catch (error) {
      errors.push(String(error));
    }
  }
  await log.close();
  report({ kind: 'refused', appended, errors });
  process.disconnect();
}

function work(log: EventLog, task: WorkerTask): Promise<void> {
  switch (task.kind) {
    case 'consume':
      return consume(log, task);
    case 'append':
      return appendForEver(log, task);
    case 'fill':
      return appendUntilFull(log, task);
  }
}

process.once('message', (task: WorkerTask) => {
  const log = createEventLog(task.config, { clientId: 'worker', clock: Date.now });
  work(log, task).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
