import type { ServiceName, TopicName } from '@rapport/events';
import { loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  hold: loadSql(import.meta.url, 'hold-live-positions'),
  holdConsumer: loadSql(import.meta.url, 'hold-consumer'),
};

/** Up to where a consumer has handled a partition. */
export interface Stand {
  readonly topic: TopicName;
  readonly partition: number;
  readonly position: number;
}

export interface LiveConsumer {
  readonly name: ServiceName;
  /** A batch is more than one transaction, or writes to more than PostgreSQL. */
  readonly isSeveralTransactions: boolean;
  /** Resolves when no batch is under way outside of PostgreSQL; none begins any more. */
  settled(): Promise<void>;
}

/** Waits for the batch in hand of every live member, and lets none begin until the transaction ends. */
export async function holdLive(tx: PoolClient, consumer: LiveConsumer): Promise<readonly Stand[]> {
  await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  // The positions held below keep a batch out that is one transaction; one that is several must not begin either.
  if (consumer.isSeveralTransactions) await tx.query(sql.holdConsumer, [consumer.name]);
  await consumer.settled();
  return (await tx.query<Stand>(sql.hold, [consumer.name])).rows;
}
