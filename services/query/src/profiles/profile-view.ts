import { computedTraitsAt, type Standing } from '@rapport/profile';
import { knownProfile } from './known-profile.js';
import { lifecycleView } from './lifecycle-view.js';
import type { OrdersDto, ProfileDto, RevenueDto, TouchpointDto } from './profile.dto.js';
import type { CompactTouchpoint, ProfileRow, RevenueRow } from './profile.store.js';
import type { TraitOriginDto } from './relationship.dto.js';
import { relationshipView, type ViewContext } from './relationship-view.js';

export interface ProfileViewContext extends ViewContext {
  readonly revenue: readonly RevenueRow[];
  readonly standings: readonly Standing[];
  readonly identifiers: Pick<ProfileDto, 'identifiers' | 'quarantinedIdentifiers'>;
}

/** The single customer view as the API shows it. */
export function profileView(row: ProfileRow, context: ProfileViewContext): ProfileDto {
  const { revenue, standings, rules, identifiers } = context;
  const known = knownProfile(row, firstOrderAt(revenue));
  return {
    profileId: row.profile_id,
    traits: row.traits,
    traitOrigins: originsView(row),
    computedTraits: computedTraitsAt(rules, known.computed, context),
    lifecycle: lifecycleView(known, context),
    relationship: relationshipView(known, context),
    ...identifiers,
    firstSeenAt: row.first_seen_at?.toISOString() ?? null,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    orders: ordersView(revenue),
    consents: standings.flatMap(({ purpose, channel, status, decidedBy }) =>
      decidedBy === undefined ? [] : [{ purpose, channel, status, since: iso(decidedBy.at[0]) }],
    ),
    memberships: byName(row.memberships, (segmentId, { change, since }) => ({
      segmentId,
      isMember: change === 'entered',
      since: iso(since),
    })),
    scores: byName(row.scores, (scoreId, { value, components, at }) => ({
      scoreId,
      value,
      components,
      computedAt: iso(at[0]),
    })),
    recentTouchpoints: row.recent_touchpoints.map(touchpointView),
    recentDeliveries: row.recent_deliveries.map(({ at, deliveryId, channel, journeyId, status, reason }) => ({
      deliveryId,
      channel,
      journeyId,
      status,
      reason,
      timestamp: iso(at[0]),
    })),
  };
}

export function touchpointView([at, type, event]: CompactTouchpoint): TouchpointDto {
  const [timestamp, receivedAt, partition, offset] = at;
  return { type, event, timestamp: iso(timestamp), receivedAt: iso(receivedAt), position: { partition, offset } };
}

function originsView({ trait_stamps: stamps }: ProfileRow): Readonly<Record<string, TraitOriginDto>> {
  return Object.fromEntries(
    Object.entries(stamps).map(([name, [timestamp, , , , source, inferred]]) => [
      name,
      { source, saidAt: iso(timestamp), origin: inferred === 1 ? 'inferred' : 'first-party' },
    ]),
  );
}

function firstOrderAt(revenue: readonly RevenueRow[]): number | null {
  const times = revenue.flatMap(({ first_order_at: at }) => (at === null ? [] : [at.getTime()]));
  return times.length === 0 ? null : Math.min(...times);
}

function ordersView(revenue: readonly RevenueRow[]): OrdersDto {
  return {
    count: revenue.reduce((sum, { orders }) => sum + orders, 0),
    byCurrency: revenue.map((row): RevenueDto => ({
      currency: row.currency,
      orders: row.orders,
      grossRevenue: row.gross_revenue,
      refunded: row.refunded,
      revenue: row.revenue,
      averageOrder: row.average_order,
      firstOrderAt: row.first_order_at?.toISOString() ?? null,
      lastOrderAt: row.last_order_at?.toISOString() ?? null,
    })),
  };
}

function byName<T, U>(values: Readonly<Record<string, T>>, view: (name: string, value: T) => U): readonly U[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => view(name, value));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
