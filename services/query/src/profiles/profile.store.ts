import { profileIdOf, type JsonObject } from '@rapport/events';
import type {
  ConsentState,
  Membership,
  PreferenceState,
  RecentDelivery,
  Score,
  SeenIdentifier,
  Stamp,
} from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';

const sql = {
  resolve: loadSql(import.meta.url, 'resolve-identifier'),
  findByEmail: loadSql(import.meta.url, 'find-by-email'),
  read: loadSql(import.meta.url, 'read-profile'),
  revenue: loadSql(import.meta.url, 'read-revenue'),
};

export type CompactTouchpoint = readonly [at: Stamp, type: string, event: string | null];

export interface ProfileRow {
  readonly profile_id: string;
  readonly first_seen_at: Date | null;
  readonly last_seen_at: Date | null;
  readonly traits: JsonObject;
  readonly identifiers: Readonly<Record<string, readonly SeenIdentifier[]>>;
  readonly recent_touchpoints: readonly CompactTouchpoint[];
  readonly consents: Readonly<Record<string, ConsentState>>;
  readonly preferences: Readonly<Record<string, PreferenceState>>;
  readonly memberships: Readonly<Record<string, Membership>>;
  readonly scores: Readonly<Record<string, Score>>;
  readonly recent_deliveries: readonly RecentDelivery[];
}

export interface RevenueRow {
  readonly currency: string;
  readonly orders: number;
  readonly gross_revenue: string;
  readonly refunded: string;
  readonly revenue: string;
  readonly first_order_at: Date | null;
  readonly last_order_at: Date | null;
}

/** The profile that an identifier belongs to by the identity graph. */
export async function profileOfIdentifier(
  postgres: Pool,
  identifier: { readonly workspaceId: string; readonly type: string; readonly hash: string },
): Promise<string | undefined> {
  const { rows } = await postgres.query<{ profile_id: string }>({
    name: 'query-resolve-identifier',
    text: sql.resolve,
    values: [profileIdOf(identifier.workspaceId, identifier.type, identifier.hash)],
  });
  return rows[0]?.profile_id;
}

export async function profileOfEmail(postgres: Pool, workspaceId: string, email: string): Promise<string | undefined> {
  const { rows } = await postgres.query<{ profile_id: string }>({
    name: 'query-find-by-email',
    text: sql.findByEmail,
    values: [workspaceId, email],
  });
  return rows[0]?.profile_id;
}

/** The profile that lives on under this id, merges followed. */
export async function readProfile(
  postgres: Pool,
  workspaceId: string,
  profileId: string,
): Promise<ProfileRow | undefined> {
  const values = [workspaceId, profileId];
  const { rows } = await postgres.query<ProfileRow>({ name: 'query-read-profile', text: sql.read, values });
  return rows[0];
}

export async function readRevenue(
  postgres: Pool,
  workspaceId: string,
  profileId: string,
): Promise<readonly RevenueRow[]> {
  const values = [workspaceId, profileId];
  const { rows } = await postgres.query<RevenueRow>({ name: 'query-read-revenue', text: sql.revenue, values });
  return rows;
}
