import { loadSql, type PersonKey, type ProfilesMoved } from '@rapport/profile-db';
import type { Purchase } from '@rapport/scoring';
import type { PoolClient } from 'pg';

const sql = {
  purchases: loadSql(import.meta.url, 'record-purchases'),
  moves: loadSql(import.meta.url, 'record-moves'),
  wish: loadSql(import.meta.url, 'wish-recomputations'),
  begin: loadSql(import.meta.url, 'begin-recomputation'),
  computeRfm: loadSql(import.meta.url, 'compute-rfm'),
  announce: loadSql(import.meta.url, 'announce'),
};

/** `profileId` is the lone profile that bought. */
export interface RecordedPurchase extends Purchase, PersonKey {
  /** The person it belonged to then. */
  readonly livesIn: string;
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
  const values = [
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
  ];
  await tx.query({ name: 'record-purchases', text: sql.purchases, values });
}

function isNewer(a: RecordedPurchase, b: RecordedPurchase): boolean {
  const age =
    a.timestamp - b.timestamp ||
    a.receivedAt - b.receivedAt ||
    a.logPartition - b.logPartition ||
    a.logOffset - b.logOffset;
  return age > 0;
}

/** Writes down where lone profiles live: of several moves of one, that of the highest sequence, or else the first. */
export async function recordMoves(tx: PoolClient, moves: readonly ProfilesMoved[]): Promise<void> {
  const newest = new Map<string, PersonKey & { readonly to: string; readonly sequence: number }>();
  for (const { workspaceId, to, profileIds, sequence } of moves) {
    for (const profileId of profileIds) {
      const known = newest.get(`${workspaceId}\0${profileId}`);
      if (known && known.sequence >= sequence) continue;
      newest.set(`${workspaceId}\0${profileId}`, { workspaceId, profileId, to, sequence });
    }
  }
  const rows = [...newest.values()];
  if (rows.length === 0) return;
  await tx.query(sql.moves, [
    rows.map(({ workspaceId }) => workspaceId),
    rows.map(({ profileId }) => profileId),
    rows.map(({ to }) => to),
    rows.map(({ sequence }) => sequence),
  ]);
}

export interface Recomputation {
  readonly workspaceId: string;
  readonly scoreId: string;
  readonly dueAt: number;
}

/** Asks for recomputations and returns those that nobody had asked for so early: their timers are to be set. */
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
  of: {
    readonly workspaceId: string;
    readonly scoreId: string;
    readonly computedAt: number;
    readonly causeId: string;
    /** Unchanged scores are of this computation too. */
    readonly all: boolean;
  },
): Promise<boolean> {
  await tx.query(sql.begin, [of.workspaceId, of.scoreId]);
  const { rows } = await tx.query<{ changed: boolean }>(sql.computeRfm, [
    of.workspaceId,
    of.scoreId,
    of.computedAt,
    of.causeId,
    of.all,
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
