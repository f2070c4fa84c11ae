import type { GraphReader, Decision, RefusalReason, StoredIdentifier, StoredLink } from '@rapport/identity';
import type { Pool, PoolClient } from 'pg';
import { loadSql } from '../load-sql.js';

const sql = {
  identifiers: loadSql(import.meta.url, 'read-identifiers'),
  links: loadSql(import.meta.url, 'read-links'),
  surroundings: loadSql(import.meta.url, 'read-surroundings'),
};

/** Reads the identity graph through a pool, or in a transaction that holds its lock (`lockIdentityGraph`) to write it. */
export function createGraphReader(connection: Pool | PoolClient): GraphReader {
  const identifiers = async (ids: readonly string[]): Promise<readonly StoredIdentifier[]> => {
    if (ids.length === 0) return [];
    const { rows } = await connection.query<IdentifierRow>({
      name: 'identity-read-identifiers',
      text: sql.identifiers,
      values: [ids],
    });
    return rows.map(identifierFrom);
  };
  return {
    identifiers,
    async links(pairs) {
      if (pairs.length === 0) return [];
      const { rows } = await connection.query<LinkRow>({
        name: 'identity-read-links',
        text: sql.links,
        values: [
          pairs.map(({ lowerId }) => lowerId),
          pairs.map(({ higherType }) => higherType),
          pairs.map(({ higherId }) => higherId),
        ],
      });
      return rows.map(linkFrom);
    },
    async surroundings(ids) {
      const { rows } = await connection.query<LinkRow>({
        name: 'identity-read-surroundings',
        text: sql.surroundings,
        values: [ids],
      });
      const ends = new Set(rows.flatMap(({ lower_id, higher_id }) => [lower_id, higher_id]));
      for (const id of ids) ends.delete(id);
      return { identifiers: await identifiers([...ends]), links: rows.map(linkFrom) };
    },
  };
}

interface IdentifierRow {
  readonly identifier_id: string;
  readonly workspace_id: string;
  readonly identifier_type: string;
  readonly identifier_hash: string;
  readonly first_seen_at: number;
  readonly leads: boolean;
  readonly link_counts: Readonly<Record<string, number>>;
  readonly entangled: boolean;
  readonly profile_id: string;
}

interface LinkRow {
  readonly lower_id: string;
  readonly higher_id: string;
  readonly seen: boolean;
  readonly declared: boolean;
  readonly first_seen_at: number;
  readonly decision: Decision['kind'] | null;
  readonly decision_position: number | null;
  readonly refusal: RefusalReason | null;
}

function identifierFrom(row: IdentifierRow): StoredIdentifier {
  return {
    identifier: {
      workspaceId: row.workspace_id,
      type: row.identifier_type,
      hash: row.identifier_hash,
      id: row.identifier_id,
    },
    firstSeenAt: row.first_seen_at,
    leads: row.leads,
    linkCounts: row.link_counts,
    entangled: row.entangled,
    profileId: row.profile_id,
  };
}

function linkFrom(row: LinkRow): StoredLink {
  const { decision: kind, decision_position: position } = row;
  return {
    lowerId: row.lower_id,
    higherId: row.higher_id,
    seen: row.seen,
    declared: row.declared,
    firstSeenAt: row.first_seen_at,
    decision: kind === null || position === null ? undefined : { kind, position },
    refusal: row.refusal ?? undefined,
  };
}
