import type { ErasureCompleted, ErasureRequested } from '@rapport/events';
import type { EventCodec, EventLog, LogRecord } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';

const sql = {
  register: loadSql(import.meta.url, 'register-erasure'),
  complete: loadSql(import.meta.url, 'complete-erasure'),
};

/** From here on every consumer passes over the person. Registering again changes nothing. */
export async function registerErasure(db: Pool | PoolClient, request: ErasureRequested): Promise<void> {
  const { erasureId, workspaceId, profileIds, subjectIds, identifierHashes, requestedBy, requestedAt } = request;
  const values = [erasureId, workspaceId, profileIds, subjectIds, identifierHashes, requestedBy, requestedAt];
  await db.query(sql.register, values);
}

/** From here on consumers take records behind the cuts again. */
export async function completeErasure(db: Pool | PoolClient, completed: ErasureCompleted): Promise<void> {
  const { erasureId, cuts, certificate, completedAt } = completed;
  await db.query(sql.complete, [erasureId, JSON.stringify(cuts), certificate, completedAt]);
}

/**
 * Brings what the topic `erasures` says into PostgreSQL: what was lost with the database, or between an append and the
 * insert that was to follow it. A process does so before its consumers begin. Doing it again changes nothing.
 */
export async function restoreErasures({
  eventLog,
  codec,
  postgres,
}: {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly postgres: Pool;
}): Promise<void> {
  const apply = async ({ value }: LogRecord): Promise<void> => {
    if (value === null) return;
    const event = codec.decode(value);
    if (event.name === 'erasure-requested') await registerErasure(postgres, event.value);
    if (event.name === 'erasure-completed') await completeErasure(postgres, event.value);
  };
  for (const { topic, partition, low, high } of await eventLog.bounds('erasures')) {
    if (low >= high) continue;
    for await (const records of eventLog.read({ topic, partition, from: low, to: high })) {
      for (const record of records) await apply(record);
    }
  }
}
