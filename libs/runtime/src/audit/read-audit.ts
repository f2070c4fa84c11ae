import type { AuditRecorded } from '@rapport/events';
import type { EventCodec, EventLog } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';
import { ChainCheck, type ChainFault, type ChainReport } from './audit-chain.js';

const sql = {
  insert: loadSql(import.meta.url, 'insert-entries'),
  hashes: loadSql(import.meta.url, 'read-hashes'),
  restoreHeads: loadSql(import.meta.url, 'restore-heads'),
};

interface Parts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly postgres: Pool;
}

/** Checks the chain on the log, and PostgreSQL against the log. */
export async function verifyAudit(parts: Parts, workspaceId: string): Promise<ChainReport> {
  const { rows } = await parts.postgres.query<{ sequence: number; hash: string }>(sql.hashes, [workspaceId]);
  const kept = new Map(rows.map(({ sequence, hash }) => [sequence, hash]));
  const chain = new ChainCheck();
  const differing: ChainFault[] = [];
  for await (const entries of readAudit(parts)) {
    for (const entry of entries) {
      if (entry.workspaceId !== workspaceId) continue;
      chain.add(entry);
      if (kept.get(entry.sequence) !== entry.hash) {
        differing.push({ sequence: entry.sequence, fault: 'stands otherwise, or not at all, in PostgreSQL' });
      }
      kept.delete(entry.sequence);
    }
  }
  const missing = [...kept.keys()].map((sequence) => ({ sequence, fault: 'is missing on the log' }));
  const report = chain.report();
  return { ...report, faults: [...report.faults, ...differing, ...missing] };
}

/** After PostgreSQL was lost: the log has every entry. Does nothing where PostgreSQL has any. */
export async function restoreAudit(parts: Parts): Promise<void> {
  const { rows } = await parts.postgres.query('SELECT FROM audit.heads LIMIT 1');
  if (rows.length > 0) return;
  for await (const entries of readAudit(parts)) await parts.postgres.query(sql.insert, [JSON.stringify(entries), true]);
  await parts.postgres.query(sql.restoreHeads);
}

async function* readAudit({ eventLog, codec }: Parts): AsyncGenerator<readonly AuditRecorded[]> {
  for (const { topic, partition, low, high } of await eventLog.bounds('audit-entries')) {
    if (low >= high) continue;
    for await (const records of eventLog.read({ topic, partition, from: low, to: high })) {
      yield records.flatMap(({ value }) => {
        const event = value === null ? undefined : codec.decode(value);
        return event?.name === 'audit-recorded' ? [event.value] : [];
      });
    }
  }
}
