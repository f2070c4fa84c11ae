import { setTimeout as pause } from 'node:timers/promises';
import type { TopicName } from '@rapport/events';
import { loadSql } from '@rapport/profile-db';
import type { Platform } from '../platform/platform.js';
import type { StatefulConsumer, TokenizedConsumer } from './consumer.js';

const readPositions = loadSql(import.meta.url, 'read-consumer-positions');
const pollMs = 20;
const defaultIdleMs = 60_000;

/**
 * Timers are where the clock enters: what stood on the log before one is handled before it, live as in a replay. All other
 * topics of a consumer may be read in any order relative to each other.
 */
const barrierTopics: ReadonlySet<TopicName> = new Set(['timers']);

/** Whether a batch of this topic has to wait for the other inputs of the consumer. */
export function waitsForInputs(consumer: StatefulConsumer | TokenizedConsumer, topic: TopicName): boolean {
  return 'handle' in consumer && barrierTopics.has(topic) && otherTopics(consumer).length > 0;
}

/**
 * Resolves with true once the consumer has committed, on whatever member, all that stands on its other topics at the time of
 * the call. With false when nothing of it has moved for `idleMs`: rather decide on less than never. Rejects once `signal`
 * is aborted, so that a partition that is taken away is given away at once.
 */
export async function inputsHandled(
  { eventLog, postgres }: Pick<Platform, 'eventLog' | 'postgres'>,
  consumer: Pick<StatefulConsumer, 'name' | 'topics'>,
  signal: AbortSignal,
  idleMs = defaultIdleMs,
): Promise<boolean> {
  const bounds = (await Promise.all(otherTopics(consumer).map((topic) => eventLog.bounds(topic)))).flat();
  const wanted = bounds.filter(({ low, high }) => high > low);
  let missing = Infinity;
  for (let idle = 0; ; idle += pollMs) {
    const { rows } = await postgres.query<{ topic: string; partition: number; position: number }>(readPositions, [
      consumer.name,
    ]);
    const positions = new Map(rows.map(({ topic, partition, position }) => [`${topic}/${partition}`, position]));
    const now = wanted.reduce(
      (sum, { topic, partition, high }) => sum + Math.max(0, high - (positions.get(`${topic}/${partition}`) ?? 0)),
      0,
    );
    if (now === 0) return true;
    if (now < missing) idle = 0;
    if (idle >= idleMs) return false;
    missing = now;
    await pause(pollMs, undefined, { signal });
  }
}

function otherTopics({ topics }: Pick<StatefulConsumer, 'topics'>): readonly TopicName[] {
  return topics.filter((topic) => !barrierTopics.has(topic));
}
