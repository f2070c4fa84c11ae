import { loadSql, type PersonKey } from '@rapport/profile-db';
import type { Purchase } from '@rapport/scoring';
import type { PoolClient } from 'pg';

const sql = {
  purchases: loadSql(import.meta.url, 'record-purchases'),
  merges: loadSql(import.meta.url, 'record-merges'),
  wish: loadSql(import.meta.url, 'wish-recomputations'),
  begin: loadSql(import.meta.url, 'begin-recomputation'),
  computeRfm: loadSql(import.meta.url, 'compute-rfm'),
  announce: loadSql(import.meta.url, 'announce'),
};

export interface RecordedPurchase extends Purchase, PersonKey {
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly logPartition: number;
  readonly logOffset: number;
}

/** Keeps, of several purchases with one id, the newest. */
export async function recordPurchases(tx: PoolClient, purchases: readonly RecordedPurchase[]): Promise<void> {
  const newest = new Map<string, RecordedPurchase>();
  for (const purchase of purchases) {
    const id = JSON.stringify([purchase.workspaceId, purchase.kind, purchase.purchaseId]);
    const known = newest.get(id);
    if (known === undefined || isNewer(purchase, known)) newest.set(id, purchase);
  }
  const rows = [...newest.values()];
  if (rows.length === 0) return;
  await tx.query(sql.purchases, [
    rows.map((row) => row.workspaceId),
    rows.map((row) => row.kind),
    rows.map((row) => row.purchaseId),
    rows.map((row) => row.orderId),
    rows.map((row) => row.profileId),
    rows.map((row) => row.timestamp),
    rows.map((row) => row.receivedAt),
    rows.map((row) => row.logPartition),
    rows.map((row) => row.logOffset),
    rows.map((row) => row.amount),
    rows.map((row) => row.currency),
  ]);
}

function isNewer(a: RecordedPurchase, b: RecordedPurchase): boolean {
  const age =
    a.timestamp - b.timestamp ||
    a.receivedAt - b.receivedAt ||
    a.logPartition - b.logPartition ||
    a.logOffset - b.logOffset;
  return age > 0;
}

export interface RecordedMerge {
  readonly workspaceId: string;
  readonly mergedId: string;
  readonly survivorId: string;
}

export async function recordMerges(tx: PoolClient, merges: readonly RecordedMerge[]): Promise<void> {
  const distinct = [...new Map(merges.map((merge) => [`${merge.workspaceId}\0${merge.mergedId}`, merge])).values()];
  if (distinct.length === 0) return;
  await tx.query(sql.merges, [
    distinct.map(({ workspaceId }) => workspaceId),
    distinct.map(({ mergedId }) => mergedId),
    distinct.map(({ survivorId }) => survivorId),
  ]);
}

export interface Recomputation {
  readonly workspaceId: string;
  readonly scoreId: string;
  readonly dueAt: number;
}

/** Asks for recomputations and returns those that nobody had asked for yet: their timers are to be set. */
export async function wishRecomputations(
  tx: PoolClient,
  wishes: readonly Recomputation[],
): Promise<readonly Recomputation[]> {
  if (wishes.length === 0) return [];
  const { rows } = await tx.query<{ workspace_id: string; score_id: string; due_at: number }>(sql.wish, [
    wishes.map(({ workspaceId }) => workspaceId),
    wishes.map(({ scoreId }) => scoreId),
    wishes.map(({ dueAt }) => dueAt),
  ]);
  return rows.map((row) => ({ workspaceId: row.workspace_id, scoreId: row.score_id, dueAt: row.due_at }));
}

/** Ranks all customers of a workspace anew; true when a score has changed and is to be announced. */
export async function recomputeRfm(
  tx: PoolClient,
  of: { readonly workspaceId: string; readonly scoreId: string; readonly computedAt: number; readonly causeId: string },
): Promise<boolean> {
  await tx.query(sql.begin, [of.workspaceId, of.scoreId]);
  const { rows } = await tx.query<{ changed: boolean }>(sql.computeRfm, [
    of.workspaceId,
    of.scoreId,
    of.computedAt,
    of.causeId,
  ]);
  return rows[0]?.changed ?? false;
}

export interface ScoreRow {
  readonly profile_id: string;
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
  readonly computed_at: number;
  readonly cause_id: string;
}

/** Marks up to `limit` changed scores as announced and returns them by profile id. */
export async function announceScores(
  tx: PoolClient,
  workspaceId: string,
  scoreId: string,
  limit: number,
): Promise<readonly ScoreRow[]> {
  const { rows } = await tx.query<ScoreRow>(sql.announce, [workspaceId, scoreId, limit]);
  return rows.sort((a, b) => (a.profile_id < b.profile_id ? -1 : 1));
}
