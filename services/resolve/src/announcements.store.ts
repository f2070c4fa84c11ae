import type { LogRecord } from '@rapport/event-log';
import { toLogEvent, type CausedEvent, type Cause, type IdentityRecord } from '@rapport/identity';
import { loadSql } from '@rapport/profile-db';
import type { InputRecord, Output } from '@rapport/runtime';
import type { PoolClient } from 'pg';

const sql = {
  insert: loadSql(import.meta.url, 'insert-announcements'),
  take: loadSql(import.meta.url, 'take-announcements'),
};

/** An observation's record, and what it is called in the events that it causes. */
export interface CauseOfRecord extends Cause {
  readonly record: LogRecord;
}

/**
 * Writes down what is to be told, numbered from `sequence`; returns the last number. It stands in the database before it is
 * appended, so that a repetition after a crash appends the same under the same origins, whatever others did meanwhile.
 */
export async function announce(
  tx: PoolClient,
  events: readonly CausedEvent[],
  causes: readonly CauseOfRecord[],
  sequence: number,
): Promise<number> {
  if (events.length === 0) return sequence;
  const places = new Map<LogRecord, number>();
  const rows = events.map(({ event, place }, i) => {
    const cause = causes[place]!;
    const { topic, partition, offset } = cause.record;
    const nth = places.get(cause.record) ?? 0;
    places.set(cause.record, nth + 1);
    const { name, key, value } = toLogEvent(event, sequence + i, cause);
    return { topic, log_partition: partition, log_offset: offset, place: nth, event: name, key, value };
  });
  await tx.query({ name: 'resolve-announce', text: sql.insert, values: [JSON.stringify(rows)] });
  return sequence + events.length - 1;
}

/** Takes what the records of a batch of one partition caused, in order. */
export async function takeAnnouncements(tx: PoolClient, batch: readonly InputRecord[]): Promise<readonly Output[]> {
  const [first, last] = [batch[0]!.record, batch.at(-1)!.record];
  const { rows } = await tx.query<AnnouncementRow>({
    name: 'resolve-take-announcements',
    text: sql.take,
    values: [first.topic, first.partition, first.offset, last.offset],
  });
  if (rows.length === 0) return [];
  const byOffset = new Map(batch.map(({ record }) => [record.offset, record]));
  return rows.flatMap(({ log_offset: offset, event: name, key, value }) => {
    const causedBy = byOffset.get(offset);
    return causedBy ? [{ topic: 'identities', name, key, value, causedBy } as Output] : [];
  });
}

interface AnnouncementRow {
  readonly log_offset: number;
  readonly event: IdentityRecord['name'];
  readonly key: string;
  readonly value: IdentityRecord['value'];
}
