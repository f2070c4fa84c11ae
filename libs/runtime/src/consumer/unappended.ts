import type { ServiceName, TopicName } from '@rapport/events';
import type { EventLog, RecordToAppend, TopicPartition } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';

const sql = {
  read: loadSql(import.meta.url, 'read-unappended'),
  clear: loadSql(import.meta.url, 'clear-unappended'),
};

/** What a batch has to say and has not said yet, with the position it was committed with. */
export interface Unappended extends TopicPartition {
  readonly position: number;
  readonly records: readonly RecordToAppend[];
}

interface UnappendedParts {
  readonly eventLog: Pick<EventLog, 'append'>;
  readonly postgres: Pool | PoolClient;
}

/** As it is kept with a position. */
export function encodeRecords(records: readonly RecordToAppend[]): Buffer {
  return Buffer.from(
    JSON.stringify(records.map((record) => ({ ...record, value: record.value?.toString('base64') ?? null }))),
  );
}

export function decodeRecords(bytes: Buffer): readonly RecordToAppend[] {
  const kept = JSON.parse(bytes.toString()) as readonly (Omit<RecordToAppend, 'value'> & { value: string | null })[];
  return kept.map(({ value, ...record }) => ({
    ...record,
    value: value === null ? null : Buffer.from(value, 'base64'),
  }));
}

export async function readUnappended(
  postgres: Pool | PoolClient,
  consumer: ServiceName,
): Promise<readonly Unappended[]> {
  const { rows } = await postgres.query<TopicPartition & { position: number; unappended: Buffer }>({
    name: 'read-unappended',
    text: sql.read,
    values: [consumer],
  });
  return rows.map(({ unappended, ...at }) => ({ ...at, records: decodeRecords(unappended) }));
}

/**
 * What other batches of this consumer have committed and not appended yet, as far as `records` must follow it. Whoever
 * changes the same person does so after that commit, so it sees it here; appending it a second time is harmless, and all
 * of it must be, because readers take what is below the highest origin for a repetition.
 */
export async function toPrecede(
  tx: PoolClient,
  consumer: ServiceName,
  records: readonly RecordToAppend[],
): Promise<readonly RecordToAppend[]> {
  const others = await readUnappended(tx, consumer);
  if (others.length === 0) return [];
  const keys = new Set(records.map(({ key }) => key));
  return others.flatMap((other) => (other.records.some(({ key }) => keys.has(key)) ? other.records : []));
}

/** Says it. Repeated after a crash in between, or by somebody else at the same time, readers drop the repetition. */
export async function appendKept(
  { eventLog, postgres }: UnappendedParts,
  consumer: ServiceName,
  { topic, partition, position, records }: Unappended,
): Promise<void> {
  await eventLog.append(records);
  const values = [consumer, topic, partition, position];
  await postgres.query({ name: 'clear-unappended', text: sql.clear, values });
}

/** Says what a member that died had committed on these partitions (all, if left out) and not said yet. */
export async function appendLeft(
  parts: UnappendedParts,
  consumer: ServiceName,
  partitions?: readonly { readonly topic: TopicName; readonly partition: number }[],
): Promise<void> {
  for (const left of await readUnappended(parts.postgres, consumer)) {
    const isWanted = ({ topic, partition }: TopicPartition): boolean =>
      topic === left.topic && partition === left.partition;
    if (partitions === undefined || partitions.some(isWanted)) await appendKept(parts, consumer, left);
  }
}
