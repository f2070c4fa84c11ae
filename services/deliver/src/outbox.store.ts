import type { SubjectVault } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import type { Channel, Message, ReadyContent, Receipt } from './channel.js';

const sql = {
  known: loadSql(import.meta.url, 'known-deliveries'),
  put: loadSql(import.meta.url, 'put-in-outbox'),
  newest: loadSql(import.meta.url, 'newest-in-outbox'),
  count: loadSql(import.meta.url, 'count-outbox'),
};

/** The embedded channel: messages stay in a table that one can look at. What is personal in them is sealed. */
export function createOutbox(vault: SubjectVault): Channel {
  return {
    async send(messages, tx) {
      const known = await knownIds(tx, messages);
      const ready = new Map<string, Message>();
      for (const message of messages) {
        const id = idOf(message);
        if (!known.has(id) && !ready.has(id)) ready.set(id, message);
      }
      const put = await putAll(tx, vault, [...ready.values()]);
      return messages.map((message) =>
        receiptOf(message, ready.get(idOf(message)) === message && put.has(idOf(message))),
      );
    },
  };
}

function receiptOf(message: Message, isNew: boolean): Receipt {
  if (!isNew) return { message, status: 'already-sent', reason: null };
  return { message, ...outcomeOf(message) };
}

function outcomeOf({ content }: Message): Pick<OutboxRow, 'status' | 'reason'> {
  if ('failed' in content) return { status: 'failed', reason: content.failed };
  return 'withheld' in content ? { status: 'withheld', reason: content.withheld } : { status: 'sent', reason: null };
}

function idOf({ request: { workspaceId, deliveryId } }: Message): string {
  return `${workspaceId}\0${deliveryId}`;
}

interface IdRow {
  readonly workspace_id: string;
  readonly delivery_id: string;
}

async function knownIds(tx: PoolClient, messages: readonly Message[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<IdRow>(sql.known, [
    messages.map(({ request }) => request.workspaceId),
    messages.map(({ request }) => request.deliveryId),
  ]);
  return new Set(rows.map((row) => `${row.workspace_id}\0${row.delivery_id}`));
}

async function putAll(tx: PoolClient, vault: SubjectVault, messages: readonly Message[]): Promise<ReadonlySet<string>> {
  if (messages.length === 0) return new Set();
  const sendable = messages.filter((message) => outcomeOf(message).status === 'sent');
  const sealed = await vault.seal(
    sendable.map(({ request: { workspaceId, subjectId, deliveryId }, content }) => ({
      workspaceId,
      subjectId,
      boundTo: deliveryId,
      plaintext: Buffer.from(JSON.stringify(content)),
    })),
  );
  const sealedOf = new Map(sendable.map((message, i) => [message, sealed[i]]));
  const { rows } = await tx.query<IdRow>(sql.put, [
    messages.map(({ request }) => request.workspaceId),
    messages.map(({ request }) => request.deliveryId),
    messages.map(({ request }) => request.profileId),
    messages.map(({ request }) => request.channel),
    messages.map(({ request }) => request.templateId),
    messages.map(({ request }) => request.journeyId),
    messages.map(({ request }) => request.instanceId),
    messages.map(({ request }) => request.stepId),
    messages.map((message) => outcomeOf(message).status),
    messages.map((message) => outcomeOf(message).reason),
    messages.map(({ sentAt }) => sentAt),
    messages.map(({ request }) => request.subjectId),
    messages.map((message) => sealedOf.get(message)?.keyId ?? null),
    messages.map((message) => sealedOf.get(message)?.bytes ?? null),
  ]);
  return new Set(rows.map((row) => `${row.workspace_id}\0${row.delivery_id}`));
}

/** A message in the outbox as one may look at it; `message` is null when it was never made or its subject was erased. */
export interface OutboxEntry {
  readonly deliveryId: string;
  readonly workspaceId: string;
  readonly profileId: string;
  readonly channel: string;
  readonly templateId: string;
  readonly journeyId: string;
  readonly instanceId: string;
  readonly stepId: string;
  readonly status: 'sent' | 'failed' | 'withheld';
  readonly reason: string | null;
  /** ISO 8601. */
  readonly sentAt: string;
  readonly message: ReadyContent | null;
}

interface OutboxRow extends IdRow {
  readonly profile_id: string;
  readonly channel: string;
  readonly template_id: string;
  readonly journey_id: string;
  readonly instance_id: string;
  readonly step_id: string;
  readonly status: 'sent' | 'failed' | 'withheld';
  readonly reason: string | null;
  readonly sent_at: number;
  readonly subject_id: string;
  readonly key_id: string | null;
  readonly message: Buffer | null;
}

/** The newest messages of a workspace first, opened for the reader. */
export async function readOutbox(
  { postgres, vault }: { readonly postgres: Pool; readonly vault: SubjectVault },
  workspaceId: string,
  limit: number,
): Promise<{ readonly sent: number; readonly entries: readonly OutboxEntry[] }> {
  const [counted, { rows }] = await Promise.all([
    postgres.query<{ messages: number }>(sql.count, [workspaceId]),
    postgres.query<OutboxRow>(sql.newest, [workspaceId, limit]),
  ]);
  const sealed = rows.flatMap((row) =>
    row.key_id === null || row.message === null ? [] : [openRequest(row, row.key_id, row.message)],
  );
  const opened = await vault.open(sealed);
  const plaintexts = new Map(sealed.map(({ boundTo, workspaceId }, i) => [`${workspaceId}\0${boundTo}`, opened[i]]));
  const entries = rows.map((row) => entryOf(row, plaintexts.get(`${row.workspace_id}\0${row.delivery_id}`)));
  return { sent: counted.rows[0]?.messages ?? 0, entries };
}

function openRequest(row: OutboxRow, keyId: string, bytes: Buffer) {
  return { workspaceId: row.workspace_id, subjectId: row.subject_id, keyId, boundTo: row.delivery_id, bytes };
}

function entryOf(row: OutboxRow, plaintext: Buffer | undefined): OutboxEntry {
  return {
    deliveryId: row.delivery_id,
    workspaceId: row.workspace_id,
    profileId: row.profile_id,
    channel: row.channel,
    templateId: row.template_id,
    journeyId: row.journey_id,
    instanceId: row.instance_id,
    stepId: row.step_id,
    status: row.status,
    reason: row.reason,
    sentAt: new Date(row.sent_at).toISOString(),
    // Written by `putAll` and authenticated by the seal, so its shape is known.
    message: plaintext === undefined ? null : (JSON.parse(plaintext.toString('utf8')) as OutboxEntry['message']),
  };
}
