import type { ProfileState, RecentTouchpoint, Stamp } from '@rapport/profile';
import type { LockedPerson, PersonRow } from '@rapport/profile-db';
import { sorted } from './sorted.js';
import { traitColumns, traitsOfColumns, type TraitColumns } from '@rapport/profile';

/** A row of `profile.profiles` as `lock-people.sql` gives it. Times are milliseconds since the epoch. */
export interface ProfileRow extends PersonRow, TraitColumns {
  readonly first_seen_at: number | null;
  readonly last_seen_at: number | null;
  readonly identifiers: ProfileState['identifiers'];
  readonly recent_touchpoints: readonly CompactTouchpoint[];
  readonly consents: ProfileState['consents'];
  readonly preferences: ProfileState['preferences'];
  readonly memberships: ProfileState['memberships'];
  readonly scores: ProfileState['scores'];
  readonly recent_deliveries: ProfileState['recentDeliveries'];
  readonly computed: ProfileState['computed'];
  readonly relationship: ProfileState['relationship'];
  readonly clock: number;
  readonly lifecycle: ProfileState['lifecycle'];
}

/** Without names: twenty of them in every row would be most of it. */
type CompactTouchpoint = readonly [at: Stamp, type: string, event: string | null];

export function stateOfRow(row: ProfileRow): ProfileState {
  return {
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    traits: traitsOfColumns(row),
    identifiers: row.identifiers,
    recentTouchpoints: row.recent_touchpoints.map(([at, type, event]): RecentTouchpoint => ({ at, type, event })),
    consents: row.consents,
    preferences: row.preferences,
    memberships: row.memberships,
    scores: row.scores,
    recentDeliveries: row.recent_deliveries,
    computed: row.computed,
    relationship: row.relationship,
    clock: row.clock,
    lifecycle: row.lifecycle,
  };
}

/** The row as `save-people.sql` takes it. */
export function rowOf(person: LockedPerson<ProfileState>): object {
  const { workspaceId, profileId, survivorId, sequence, partIds, state } = person;
  return {
    workspace_id: workspaceId,
    profile_id: profileId,
    survivor_id: survivorId,
    sequence,
    part_ids: partIds,
    first_seen_at: state.firstSeenAt,
    last_seen_at: state.lastSeenAt,
    ...traitColumns(state.traits),
    identifiers: state.identifiers,
    recent_touchpoints: state.recentTouchpoints.map(({ at, type, event }): CompactTouchpoint => [at, type, event]),
    consents: state.consents,
    preferences: state.preferences,
    memberships: state.memberships,
    scores: state.scores,
    recent_deliveries: state.recentDeliveries,
    computed: sorted(state.computed),
    relationship: sorted(state.relationship),
    clock: state.clock,
    lifecycle: sorted(state.lifecycle),
  };
}
