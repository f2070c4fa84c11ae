import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName, TopicName } from '@rapport/events';
import type { EventLog } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';

const sql = loadSql(import.meta.url, 'read-consumer-positions');
const pollMs = 20;

/**
 * Resolves with true once `consumer` has committed all that stands on `topics` at the time of the call, with false when
 * that takes longer than `patienceMs`. A reader of its tables then knows everything that was said before it asked.
 */
export async function caughtUpWith(
  { eventLog, postgres }: { readonly eventLog: Pick<EventLog, 'bounds'>; readonly postgres: Pool | PoolClient },
  consumer: ServiceName,
  topics: readonly TopicName[],
  patienceMs: number,
): Promise<boolean> {
  const bounds = (await Promise.all(topics.map((topic) => eventLog.bounds(topic)))).flat();
  const wanted = bounds.filter(({ low, high }) => high > low);
  for (let waited = 0; ; waited += pollMs) {
    const { rows } = await postgres.query<{ topic: string; partition: number; position: number }>(sql, [consumer]);
    const positions = new Map(rows.map(({ topic, partition, position }) => [`${topic}/${partition}`, position]));
    if (wanted.every(({ topic, partition, high }) => (positions.get(`${topic}/${partition}`) ?? 0) >= high))
      return true;
    if (waited >= patienceMs) return false;
    await pause(pollMs);
  }
}
