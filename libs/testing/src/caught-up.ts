import type { TopicName } from '@rapport/events';
import type { EventLog } from '@rapport/event-log';
import { runConsumer, type Consumer, type Platform } from '@rapport/runtime';
import type { Pool } from 'pg';
import { eventually } from './eventually.js';

/** Resolves when a running consumer has committed everything that stands on its topics now, and said what follows. */
export async function caughtUp(
  { eventLog, postgres }: { readonly eventLog: EventLog; readonly postgres: Pool },
  consumer: { readonly name: string; readonly topics: readonly TopicName[] },
  { withinMs, everyMs }: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<void> {
  const bounds = (await Promise.all(consumer.topics.map((topic) => eventLog.bounds(topic)))).flat();
  await eventually(
    async () => {
      const { rows } = await postgres.query<{ topic: string; partition: number; position: number }>(
        'SELECT topic, partition, coalesce(unappended_from, position) AS position FROM runtime.positions WHERE consumer = $1',
        [consumer.name],
      );
      const positions = new Map(rows.map(({ topic, partition, position }) => [`${topic}/${partition}`, position]));
      for (const { topic, partition, high } of bounds) {
        const position = positions.get(`${topic}/${partition}`) ?? 0;
        if (position < high)
          throw new Error(`${consumer.name} stands at ${position} of ${high} on ${topic}/${partition}`);
      }
    },
    withinMs,
    everyMs,
  );
}

/** Runs a consumer until it has committed everything that stands on its topics now. */
export async function runUntilCaughtUp(consumer: Consumer, platform: Platform): Promise<void> {
  const running = await runConsumer(consumer, platform);
  try {
    await caughtUp(platform, consumer);
  } finally {
    await running.stop();
  }
}
