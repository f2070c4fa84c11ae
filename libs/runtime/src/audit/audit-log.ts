import type { AuditRecorded } from '@rapport/events';
import type { EventCodec, EventLog } from '@rapport/event-log';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { Logger } from 'pino';
import type { Pool, PoolClient } from 'pg';
import { describeError } from '../consumer/run-consumer.js';
import { auditHash, firstPreviousHash } from './audit-chain.js';

const sql = {
  lockHead: loadSql(import.meta.url, 'lock-head'),
  insert: loadSql(import.meta.url, 'insert-entries'),
  moveHead: loadSql(import.meta.url, 'move-head'),
  waiting: loadSql(import.meta.url, 'entries-waiting'),
  mark: loadSql(import.meta.url, 'mark-appended'),
  lock: loadSql(import.meta.url, 'lock'),
};

const relayLock = 7_241_992;
const flushMs = 200;
const mostWaiting = 10_000;

/** Who did what. Nothing in it may be personal: people by profile id or keyed hash, never by an identifier. */
export interface AuditEntry {
  readonly workspaceId: string;
  /** For example `api-key:3f9c01ab22d4`, `cli` or `system`. */
  readonly actor: string;
  /** For example `person.erased`, or `GET /v1/profiles/:identifier`. */
  readonly action: string;
  /** A profile id, an erasure id, a file; empty where there is no one thing. */
  readonly target: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** The audit log: append-only, chained by hash within a workspace, kept in PostgreSQL and on the topic `audit-entries`. */
export interface AuditLog {
  /** For what changes something: resolves once the entry is durable. */
  record(entry: AuditEntry): Promise<void>;
  /** For what only reads: the entry is durable within a second; of a process that is killed, the last ones may be missing. */
  note(entry: AuditEntry): void;
  close(): Promise<void>;
}

interface AuditParts {
  readonly postgres: () => Pool;
  readonly eventLog: () => EventLog;
  readonly codec: EventCodec;
  readonly clock: () => number;
  readonly logger: Logger;
}

type TimedEntry = AuditEntry & { readonly at: number };

export function createAuditLog(parts: AuditParts): AuditLog {
  const { clock, logger } = parts;
  let waiting: TimedEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    flushing = flushing.then(async () => {
      const entries = waiting;
      waiting = [];
      if (entries.length === 0) return;
      try {
        await append(parts, entries);
      } catch (error) {
        logger.warn({ entries: entries.length, error: describeError(error) }, 'audit entries wait to be written');
        waiting = [...entries, ...waiting].slice(-mostWaiting);
        timer ??= setTimeout(() => void flush(), flushMs * 5).unref();
      }
    });
    return flushing;
  };

  return {
    record: (entry) => append(parts, [{ ...entry, at: clock() }]),
    note(entry) {
      waiting.push({ ...entry, at: clock() });
      timer ??= setTimeout(() => void flush(), flushMs).unref();
    },
    close: flush,
  };
}

async function append(parts: AuditParts, entries: readonly TimedEntry[]): Promise<void> {
  const postgres = parts.postgres();
  await inTransaction(postgres, async (tx) => {
    await tx.query('SET LOCAL synchronous_commit = on');
    // In one order, so that two processes never wait for each other.
    const workspaces = [...Map.groupBy(entries, ({ workspaceId }) => workspaceId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [workspaceId, own] of workspaces) await chain(tx, workspaceId, own);
  });
  await relayAuditEntries(parts);
}

async function chain(tx: PoolClient, workspaceId: string, entries: readonly TimedEntry[]): Promise<void> {
  const { rows } = await tx.query<{ sequence: number; hash: string }>(sql.lockHead, [workspaceId, firstPreviousHash]);
  let { sequence, hash } = rows[0] ?? { sequence: 0, hash: firstPreviousHash };
  const chained = entries.map(({ at, actor, action, target, details = {} }): AuditRecorded => {
    const entry = { workspaceId, sequence: ++sequence, at, actor, action, target, details, previousHash: hash };
    hash = auditHash(entry);
    return { ...entry, hash };
  });
  await tx.query(sql.insert, [JSON.stringify(chained), false]);
  await tx.query(sql.moveHead, [workspaceId, sequence, hash]);
}

/** Puts entries on the log that are not there yet, in order. One that a crash makes stand there twice is the same twice. */
async function relayAuditEntries({ postgres, eventLog, codec }: AuditParts): Promise<void> {
  let more = true;
  while (more) {
    more = await inTransaction(postgres(), async (tx) => {
      await tx.query(sql.lock, [relayLock]);
      const { rows } = await tx.query<AuditRecorded>(sql.waiting);
      if (rows.length === 0) return false;
      await eventLog().append(
        rows.map((entry) => ({
          topic: 'audit-entries',
          key: entry.workspaceId,
          value: codec.encode('audit-recorded', entry),
        })),
      );
      await tx.query(sql.mark, [rows.map(({ workspaceId }) => workspaceId), rows.map(({ sequence }) => sequence)]);
      return rows.length === 1000;
    });
  }
}
