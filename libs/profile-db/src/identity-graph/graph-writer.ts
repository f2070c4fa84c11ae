import type { GraphIdentifier, GraphLink, IdentityGraph } from '@rapport/identity';
import type { PoolClient } from 'pg';
import { loadSql } from '../load-sql.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-graph'),
  advance: loadSql(import.meta.url, 'advance-sequence'),
  saveIdentifiers: loadSql(import.meta.url, 'save-identifiers'),
  saveLinks: loadSql(import.meta.url, 'save-links'),
  saveMoves: loadSql(import.meta.url, 'save-moves'),
  forgetMoves: loadSql(import.meta.url, 'forget-moves'),
};

/** How long the feed of moves reaches back, in the microseconds that sequences count. */
export const movesKept = 3_600_000_000;

/**
 * Makes this transaction the only writer of the graph until it ends. Returns the first number for what it decides: above
 * all given before, also in a database that was made anew. What is decided is on disk before anybody is told.
 */
export async function lockIdentityGraph(tx: PoolClient): Promise<number> {
  await tx.query('SET LOCAL synchronous_commit = on');
  const { rows } = await tx.query<{ sequence: number }>({ name: 'identity-lock-graph', text: sql.lock });
  return rows[0]!.sequence;
}

/** Writes what changed in the graph, under its lock. `sequence` is the last number used. */
export async function saveIdentityGraph(
  tx: PoolClient,
  graph: IdentityGraph,
  changes: { readonly identifiers: readonly GraphIdentifier[]; readonly links: readonly GraphLink[] },
  sequence: number,
): Promise<void> {
  const save = async (name: string, text: string, rows: readonly object[]): Promise<void> => {
    if (rows.length > 0) await tx.query({ name, text, values: [JSON.stringify(rows)] });
  };
  await save('identity-save-identifiers', sql.saveIdentifiers, changes.identifiers.map(identifierRow));
  await save(
    'identity-save-links',
    sql.saveLinks,
    changes.links.map((link) => linkRow(graph, link)),
  );
  const moved = changes.identifiers.filter(({ stored, profileId }) => stored && stored.profileId !== profileId);
  if (moved.length > 0) {
    const values = [sequence, moved.map(({ identifier }) => identifier.id), moved.map(({ profileId }) => profileId)];
    await tx.query({ name: 'identity-save-moves', text: sql.saveMoves, values });
    await tx.query({ name: 'identity-forget-moves', text: sql.forgetMoves, values: [sequence - movesKept] });
  }
  await tx.query({ name: 'identity-advance-sequence', text: sql.advance, values: [sequence] });
}

function identifierRow(one: GraphIdentifier): object {
  const { id, workspaceId, type, hash } = one.identifier;
  return {
    identifier_id: id,
    workspace_id: workspaceId,
    identifier_type: type,
    identifier_hash: hash,
    first_seen_at: one.firstSeenAt,
    leads: one.leads,
    link_counts: one.linkCounts,
    crowded_types: [...one.crowded],
    shared: one.shared,
    entangled: one.entangled,
    profile_id: one.profileId,
  };
}

function linkRow(graph: IdentityGraph, link: GraphLink): object {
  return {
    lower_id: link.lowerId,
    higher_id: link.higherId,
    lower_type: graph.identifiers.get(link.lowerId)!.identifier.type,
    higher_type: graph.identifiers.get(link.higherId)!.identifier.type,
    seen: link.seen,
    declared: link.declared,
    first_seen_at: link.firstSeenAt,
    decision: link.decision?.kind ?? null,
    decision_position: link.decision?.position ?? null,
    refusal: link.refusal ?? null,
  };
}
