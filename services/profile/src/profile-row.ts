import type { JsonValue } from '@rapport/events';
import type { ProfileState, RecentTouchpoint, Stamp, Trait } from '@rapport/profile';
import type { LockedPerson, PersonRow } from '@rapport/profile-db';

/** A row of `profile.profiles` as `lock-people.sql` gives it. Times are milliseconds since the epoch. */
export interface ProfileRow extends PersonRow {
  readonly first_seen_at: number | null;
  readonly last_seen_at: number | null;
  readonly traits: Readonly<Record<string, JsonValue>>;
  readonly trait_stamps: Readonly<Record<string, Stamp>>;
  readonly identifiers: ProfileState['identifiers'];
  readonly recent_touchpoints: readonly CompactTouchpoint[];
  readonly consents: ProfileState['consents'];
  readonly preferences: ProfileState['preferences'];
  readonly memberships: ProfileState['memberships'];
  readonly scores: ProfileState['scores'];
  readonly recent_deliveries: ProfileState['recentDeliveries'];
}

/** Without names: twenty of them in every row would be most of it. */
type CompactTouchpoint = readonly [at: Stamp, type: string, event: string | null];

export function stateOfRow(row: ProfileRow): ProfileState {
  return {
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    traits: traitsOf(row),
    identifiers: row.identifiers,
    recentTouchpoints: row.recent_touchpoints.map(([at, type, event]): RecentTouchpoint => ({ at, type, event })),
    consents: row.consents,
    preferences: row.preferences,
    memberships: row.memberships,
    scores: row.scores,
    recentDeliveries: row.recent_deliveries,
  };
}

/** The row as `save-people.sql` takes it. */
export function rowOf(person: LockedPerson<ProfileState>): object {
  const { workspaceId, profileId, survivorId, sequence, partIds, state } = person;
  // Sorted, because a json column keeps the order it is given and the row must not depend on arrival.
  const traits = Object.entries(state.traits).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    workspace_id: workspaceId,
    profile_id: profileId,
    survivor_id: survivorId,
    sequence,
    part_ids: partIds,
    first_seen_at: state.firstSeenAt,
    last_seen_at: state.lastSeenAt,
    traits: Object.fromEntries(traits.map(([name, { value }]) => [name, value])),
    trait_stamps: Object.fromEntries(traits.map(([name, { at }]) => [name, at])),
    identifiers: state.identifiers,
    recent_touchpoints: state.recentTouchpoints.map(({ at, type, event }): CompactTouchpoint => [at, type, event]),
    consents: state.consents,
    preferences: state.preferences,
    memberships: state.memberships,
    scores: state.scores,
    recent_deliveries: state.recentDeliveries,
  };
}

function traitsOf({ traits, trait_stamps: stamps }: ProfileRow): Readonly<Record<string, Trait>> {
  return Object.fromEntries(
    Object.entries(traits).flatMap(([name, value]) => {
      const at = stamps[name];
      return at ? [[name, { value, at }]] : [];
    }),
  );
}
