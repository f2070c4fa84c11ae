import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';
import type { Erasure, ErasureStatus, ErasureStep, Finding } from './erasure.js';

const sql = {
  read: loadSql(import.meta.url, 'read-erasure'),
  open: loadSql(import.meta.url, 'open-erasures'),
  note: loadSql(import.meta.url, 'note-progress'),
};

interface ErasureRow {
  readonly erasure_id: string;
  readonly workspace_id: string;
  readonly status: ErasureStatus;
  readonly step: ErasureStep;
  readonly profile_ids: readonly string[];
  readonly subject_ids: readonly string[];
  readonly identifier_hashes: readonly string[];
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly findings: readonly Finding[];
  readonly certificate: string | null;
  readonly completed_at: Date | null;
}

export async function readErasure(db: Pool, workspaceId: string, erasureId: string): Promise<Erasure | undefined> {
  const { rows } = await db.query<ErasureRow>(sql.read, [workspaceId, erasureId]);
  return rows[0] && erasureOf(rows[0]);
}

/** The oldest ones that are not completed. */
export async function openErasures(db: Pool, most: number): Promise<readonly Erasure[]> {
  const { rows } = await db.query<ErasureRow>(sql.open, [most]);
  return rows.map(erasureOf);
}

export async function noteProgress(
  db: Pool,
  { erasureId, step, findings }: Pick<Erasure, 'erasureId' | 'step' | 'findings'>,
): Promise<void> {
  await db.query(sql.note, [erasureId, step, JSON.stringify(findings)]);
}

function erasureOf(row: ErasureRow): Erasure {
  return {
    erasureId: row.erasure_id,
    workspaceId: row.workspace_id,
    status: row.status,
    step: row.step,
    profileIds: row.profile_ids,
    subjectIds: row.subject_ids,
    identifierHashes: row.identifier_hashes,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.getTime(),
    findings: row.findings,
    certificate: row.certificate,
    completedAt: row.completed_at?.getTime() ?? null,
  };
}
