import type { AuditRecorded } from '@rapport/events';
import type { EventCodec, EventLog } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';
import { auditHash, ChainCheck, type ChainFault, type ChainReport } from './audit-chain.js';

const sql = {
  insert: loadSql(import.meta.url, 'insert-entries'),
  entries: loadSql(import.meta.url, 'read-entries'),
  restoreHeads: loadSql(import.meta.url, 'restore-heads'),
};

interface Parts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly postgres: Pool;
}

/** Checks the chain on the log, and every entry in PostgreSQL against the log. */
export async function verifyAudit(parts: Parts, workspaceId: string): Promise<ChainReport> {
  const kept = await keptHashes(parts, workspaceId);
  const chain = new ChainCheck();
  const onLog = new Map<number, string>();
  for await (const entries of readAudit(parts)) {
    for (const entry of entries) {
      if (entry.workspaceId !== workspaceId) continue;
      chain.add(entry);
      onLog.set(entry.sequence, entry.hash);
    }
  }
  // Written while the log was read.
  for (const [sequence, hash] of await keptHashes(parts, workspaceId, [...kept.keys()].at(-1))) {
    if (onLog.has(sequence)) kept.set(sequence, hash);
  }
  const report = chain.report();
  return { ...report, faults: [...report.faults, ...differences(onLog, kept)] };
}

function differences(
  onLog: ReadonlyMap<number, string>,
  kept: ReadonlyMap<number, string | undefined>,
): readonly ChainFault[] {
  const otherwise = [...onLog]
    .filter(([sequence, hash]) => kept.get(sequence) !== hash)
    .map(([sequence]) => ({ sequence, fault: 'stands otherwise, or not at all, in PostgreSQL' }));
  const missing = [...kept.keys()]
    .filter((sequence) => !onLog.has(sequence))
    .map((sequence) => ({ sequence, fault: 'is missing on the log' }));
  return [...otherwise, ...missing];
}

/** By sequence, in its order, the hash of what stands in PostgreSQL behind an entry; `undefined` where it is not that of its content. */
async function keptHashes(
  { postgres }: Parts,
  workspaceId: string,
  behind = 0,
): Promise<Map<number, string | undefined>> {
  const hashes = new Map<number, string | undefined>();
  for (let last = behind; ;) {
    const { rows } = await postgres.query<AuditRecorded>(sql.entries, [workspaceId, last]);
    for (const entry of rows) hashes.set(entry.sequence, auditHash(entry) === entry.hash ? entry.hash : undefined);
    const newest = rows.at(-1);
    if (newest === undefined) return hashes;
    last = newest.sequence;
  }
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
