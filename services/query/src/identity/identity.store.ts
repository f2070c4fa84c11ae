import type { Decision, RefusalReason } from '@rapport/identity';
import { loadSql } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import type { Pool } from 'pg';

const sql = {
  members: loadSql(import.meta.url, 'read-members'),
  links: loadSql(import.meta.url, 'read-links-of'),
  quarantine: loadSql(import.meta.url, 'read-quarantine'),
  touchpoints: loadSql(import.meta.url, 'count-touchpoints'),
};

export interface MemberRow {
  readonly id: string;
  readonly type: string;
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number;
  readonly seenWith: Readonly<Record<string, number>>;
  readonly shared: boolean;
  readonly entangled: boolean;
}

export interface LinkEnd {
  readonly type: string;
  readonly hash: string;
  readonly profileId: string;
}

export interface RefusedLinkRow {
  readonly firstSeenAt: number;
  readonly refusal: RefusalReason;
  readonly first: LinkEnd;
  readonly second: LinkEnd;
}

export interface LinkRow extends Omit<RefusedLinkRow, 'refusal'> {
  readonly refusal: RefusalReason | null;
  readonly seen: boolean;
  readonly declared: boolean;
  readonly decision: Decision['kind'] | null;
}

export async function readMembers(
  postgres: Pool,
  workspaceId: string,
  profileId: string,
  limit: number,
): Promise<readonly MemberRow[]> {
  return (await postgres.query<MemberRow>(sql.members, [workspaceId, profileId, limit])).rows;
}

export async function readLinksOf(postgres: Pool, ids: readonly string[], limit: number): Promise<readonly LinkRow[]> {
  return (await postgres.query<LinkRow>(sql.links, [ids, limit])).rows;
}

export async function readQuarantine(
  postgres: Pool,
  workspaceId: string,
  reason: RefusalReason | undefined,
  limit: number,
): Promise<readonly RefusedLinkRow[]> {
  return (await postgres.query<RefusedLinkRow>(sql.quarantine, [workspaceId, reason ?? null, limit])).rows;
}

/** How many touchpoints each profile has today. */
export async function countTouchpoints(
  { clickhouse }: Pick<Platform, 'clickhouse'>,
  workspaceId: string,
  profileIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const answer = await clickhouse.query({
    query: sql.touchpoints,
    query_params: { workspaceId, profileIds },
    format: 'JSONEachRow',
  });
  const rows = await answer.json<{ profileId: string; touchpoints: number }>();
  return new Map(rows.map(({ profileId, touchpoints }) => [profileId, touchpoints]));
}
