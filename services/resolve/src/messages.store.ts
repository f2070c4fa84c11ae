import { hash } from 'node:crypto';
import type { Touchpoint } from '@rapport/events';
import { loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  remember: loadSql(import.meta.url, 'remember-messages'),
  forget: loadSql(import.meta.url, 'forget-messages'),
};

const hashBytes = 16;
const entryBytes = hashBytes + 4;
const dayMs = 86_400_000;

/** A second message under the same id is a duplicate for at least this long, by log time. */
export const rememberedDays = 31;

export function receivedDay({ receivedAt }: Touchpoint): number {
  return Math.floor(receivedAt / dayMs);
}

export interface Repeated {
  /** Whether the message kept has another content, as far as type, event, subject and original time tell. */
  readonly differs: boolean;
}

/** Remembers messages of one partition, received on one day; gives those seen before, by their place in `messages`. */
export async function rememberMessages(
  tx: PoolClient,
  messages: readonly Touchpoint[],
  at: { readonly logPartition: number; readonly receivedDay: number },
): Promise<ReadonlyMap<number, Repeated>> {
  const { entries, places, repeated } = packed(messages);
  const { rows } = await tx.query<{ i: number; differs: boolean }>({
    name: 'resolve-remember-messages',
    text: sql.remember,
    values: [entries, places.length, at.logPartition, at.receivedDay],
  });
  for (const { i, differs } of rows) {
    const place = places[i];
    if (place !== undefined) repeated.set(place, { differs });
  }
  return repeated;
}

export async function forgetMessages(tx: PoolClient, logPartition: number, beforeDay: number): Promise<void> {
  await tx.query(sql.forget, [logPartition, beforeDay]);
}

/** The messages as `remember-messages.sql` wants them, first of each id only, and those repeated among themselves. */
function packed(messages: readonly Touchpoint[]) {
  const bytes = Buffer.allocUnsafe(messages.length * entryBytes);
  const places: number[] = [];
  const firstOf = new Map<string, number>();
  const repeated = new Map<number, Repeated>();
  messages.forEach((message, place) => {
    const id = `${message.workspaceId}\n${message.messageId}`;
    const fingerprint = fingerprintOf(message);
    const first = firstOf.get(id);
    if (first !== undefined) {
      repeated.set(place, { differs: bytes.readUInt32BE(first * entryBytes + hashBytes) !== fingerprint });
      return;
    }
    const at = places.length * entryBytes;
    hash('sha256', id, 'buffer').copy(bytes, at, 0, hashBytes);
    bytes.writeUInt32BE(fingerprint, at + hashBytes);
    firstOf.set(id, places.length);
    places.push(place);
  });
  return { entries: bytes.subarray(0, places.length * entryBytes), places, repeated };
}

/** FNV-1a, 32 bits: enough to count conflicts, which nothing else depends on. */
function fingerprintOf({ type, event, subjectId, originalTimestamp }: Touchpoint): number {
  const text = `${type}\n${event ?? ''}\n${subjectId}\n${originalTimestamp ?? ''}`;
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
