import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';
import type { StatementDto } from './consents.dto.js';

const readHistorySql = loadSql(import.meta.url, 'read-history');
const shownAtMost = 1000;

interface HistoryRow {
  readonly kind: string;
  readonly purpose: string;
  readonly channel: string;
  readonly status: string;
  readonly lawful_basis: string | null;
  readonly source_id: string;
  readonly text_version: string | null;
  readonly said_at: number;
  readonly received_at: number;
  readonly expires_at: number | null;
  readonly message_id: string;
  readonly lone_profile_id: string;
}

/** Every statement of these lone profiles, newest first. */
export async function readHistory(
  postgres: Pool,
  workspaceId: string,
  loneProfileIds: readonly string[],
): Promise<readonly StatementDto[]> {
  const { rows } = await postgres.query<HistoryRow>(readHistorySql, [workspaceId, loneProfileIds, shownAtMost]);
  return rows.map((row) => ({
    kind: row.kind,
    loneProfileId: row.lone_profile_id,
    purpose: row.purpose,
    channel: row.channel,
    status: row.status,
    lawfulBasis: row.lawful_basis,
    sourceId: row.source_id,
    textVersion: row.text_version,
    timestamp: new Date(row.said_at).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    messageId: row.message_id,
  }));
}
