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
  find: loadSql(import.meta.url, 'find-profile'),
  findByEmail: loadSql(import.meta.url, 'find-by-email'),
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

/** As find-profile.sql writes them; times as text. */
type RevenueTuple = readonly [
  currency: string,
  orders: number,
  grossRevenue: string,
  refunded: string,
  revenue: string,
  averageOrder: string | null,
  firstOrderAt: string | null,
  lastOrderAt: string | null,
];
type PurchaseTuple = readonly [orderId: string, orderedAt: string, currency: string, amount: string, refunded: string];

/** A person with the orders, all as of one moment. */
export interface FoundProfile extends ProfileRow {
  readonly revenue: readonly RevenueRow[];
  /** The newest completed ones, newest first. */
  readonly purchases: readonly PurchaseRow[];
  /** Of the person in the identity graph; null where that does not know the profile. */
  readonly identifier_hashes: readonly string[] | null;
}

/** Who may be meant, likeliest first: ids of profiles, merged ones too, then identifiers of the identity graph. */
export interface Candidates {
  readonly profileIds?: readonly string[];
  readonly identifierIds?: readonly string[];
}

type ReadRow = ProfileRow &
  Pick<FoundProfile, 'identifier_hashes'> & {
    readonly revenue: readonly RevenueTuple[] | null;
    readonly purchases: readonly PurchaseTuple[] | null;
  };

/** The first of the candidates of whom anything is known. */
export async function findFirst(
  reads: Pool,
  workspaceId: string,
  { profileIds = [], identifierIds = [] }: Candidates,
): Promise<FoundProfile | undefined> {
  const values = [workspaceId, profileIds, identifierIds, maxPurchases];
  const { rows } = await reads.query<ReadRow>({ name: 'query-find-profile', text: sql.find, values });
  const [row] = rows;
  return (
    row && { ...row, revenue: (row.revenue ?? []).map(revenueOf), purchases: (row.purchases ?? []).map(purchaseOf) }
  );
}

export async function profileOfEmail(reads: Pool, workspaceId: string, email: string): Promise<string | undefined> {
  const { rows } = await reads.query<{ profile_id: string }>({
    name: 'query-find-by-email',
    text: sql.findByEmail,
    values: [workspaceId, email],
  });
  return rows[0]?.profile_id;
}

/** The profile that lives on under this id, merges followed. */
export function readProfile(reads: Pool, workspaceId: string, profileId: string): Promise<FoundProfile | undefined> {
  return findFirst(reads, workspaceId, { profileIds: [profileId] });
}

function revenueOf([
  currency,
  orders,
  gross_revenue,
  refunded,
  revenue,
  average_order,
  first,
  last,
]: RevenueTuple): RevenueRow {
  return {
    ...{ currency, orders, gross_revenue, refunded, revenue, average_order },
    first_order_at: dateOf(first),
    last_order_at: dateOf(last),
  };
}

function purchaseOf([order_id, ordered_at, currency, amount, refunded]: PurchaseTuple): PurchaseRow {
  return { order_id, ordered_at: new Date(ordered_at), currency, amount, refunded };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
