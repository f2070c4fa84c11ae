import type { JsonObject } from '@rapport/events';
import type {
  ConsentState,
  Membership,
  PreferenceState,
  ProfileState,
  RecentDelivery,
  Score,
  SeenIdentifier,
  Stamp,
  TraitStamp,
} from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';

const sql = {
  resolve: loadSql(import.meta.url, 'resolve-identifiers'),
  findByEmail: loadSql(import.meta.url, 'find-by-email'),
  read: loadSql(import.meta.url, 'read-profile'),
  revenue: loadSql(import.meta.url, 'read-revenue'),
  purchases: loadSql(import.meta.url, 'read-purchases'),
};

/** Orders that are read of one person: enough for the history of stages, and bounded for who orders daily. */
export const maxPurchases = 100;

export type CompactTouchpoint = readonly [at: Stamp, type: string, event: string | null];

export interface ProfileRow {
  readonly profile_id: string;
  readonly first_seen_at: Date | null;
  readonly last_seen_at: Date | null;
  readonly traits: JsonObject;
  readonly trait_stamps: Readonly<Record<string, TraitStamp>>;
  readonly identifiers: Readonly<Record<string, readonly SeenIdentifier[]>>;
  readonly recent_touchpoints: readonly CompactTouchpoint[];
  readonly consents: Readonly<Record<string, ConsentState>>;
  readonly preferences: Readonly<Record<string, PreferenceState>>;
  readonly memberships: Readonly<Record<string, Membership>>;
  readonly scores: Readonly<Record<string, Score>>;
  readonly recent_deliveries: readonly RecentDelivery[];
  readonly computed: ProfileState['computed'];
  readonly relationship: ProfileState['relationship'];
  /** Milliseconds since the epoch. */
  readonly clock: number;
  readonly lifecycle: ProfileState['lifecycle'];
}

export interface PurchaseRow {
  readonly order_id: string;
  readonly ordered_at: Date;
  readonly currency: string;
  readonly amount: string;
  readonly refunded: string;
}

export interface RevenueRow {
  readonly currency: string;
  readonly orders: number;
  readonly gross_revenue: string;
  readonly refunded: string;
  readonly revenue: string;
  /** Null while only a refund is known. */
  readonly average_order: string | null;
  readonly first_order_at: Date | null;
  readonly last_order_at: Date | null;
}

/** The profiles that identifiers belong to by the identity graph, in the order of the identifiers. */
export async function profilesOfIdentifiers(
  postgres: Pool,
  workspaceId: string,
  identifierIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await postgres.query<{ profile_id: string }>({
    name: 'query-resolve-identifiers',
    text: sql.resolve,
    values: [workspaceId, identifierIds],
  });
  return rows.map(({ profile_id: profileId }) => profileId);
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

/** The newest completed orders of a person, newest first. */
export async function readPurchases(
  postgres: Pool,
  workspaceId: string,
  profileId: string,
): Promise<readonly PurchaseRow[]> {
  const values = [workspaceId, profileId, maxPurchases];
  const { rows } = await postgres.query<PurchaseRow>({ name: 'query-read-purchases', text: sql.purchases, values });
  return rows;
}
