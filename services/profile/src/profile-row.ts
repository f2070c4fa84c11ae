import {
  storableLines,
  traitColumns,
  traitsOfColumns,
  type ProfileState,
  type RecentTouchpoint,
  type Stamp,
  type TraitColumns,
} from '@rapport/profile';
import type { LockedPerson, StateRow } from '@rapport/profile-db';
import { sorted } from './sorted.js';

/** A row of `profile.profiles` as `load-states.sql` gives it. Times are milliseconds since the epoch. */
export interface ProfileRow extends StateRow, TraitColumns {
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

/** As `save-people.sql` takes them: the columns of these people, in its order. */
export function parametersOf(people: readonly LockedPerson<ProfileState>[]): readonly unknown[] {
  const columns = people.map(jsonColumns);
  return [
    people.map(({ workspaceId }) => workspaceId),
    people.map(({ profileId }) => profileId),
    people.map(({ survivorId }) => survivorId),
    people.map(({ sequence }) => sequence),
    people.map(({ partIds }) => `{${partIds.join(',')}}`),
    people.map(({ state }) => state.firstSeenAt),
    people.map(({ state }) => state.lastSeenAt),
    people.map(({ state }) => state.clock),
    ...namesOfJson.map((name) => storableLines(columns.map((each) => each[name]))),
  ];
}

const namesOfJson = [
  'traits',
  'trait_stamps',
  'identifiers',
  'recent_touchpoints',
  'consents',
  'preferences',
  'memberships',
  'scores',
  'recent_deliveries',
  'computed',
  'relationship',
  'lifecycle',
] as const;

/** What did not change is left out, for most touchpoints change little. */
function jsonColumns({
  state,
  loaded,
}: LockedPerson<ProfileState>): Partial<Record<(typeof namesOfJson)[number], unknown>> {
  const ifChanged = <K extends keyof ProfileState>(name: K, column: (value: ProfileState[K]) => unknown): unknown =>
    state[name] === loaded[name] ? undefined : column(state[name]);
  return {
    ...(state.traits === loaded.traits ? {} : traitColumns(state.traits)),
    identifiers: ifChanged('identifiers', asItIs),
    recent_touchpoints: ifChanged('recentTouchpoints', (touchpoints) => touchpoints.map(compact)),
    consents: ifChanged('consents', asItIs),
    preferences: ifChanged('preferences', asItIs),
    memberships: ifChanged('memberships', asItIs),
    scores: ifChanged('scores', asItIs),
    recent_deliveries: ifChanged('recentDeliveries', asItIs),
    computed: ifChanged('computed', sorted),
    relationship: ifChanged('relationship', sorted),
    // Always, because a stage can be taken away: null is a value here.
    lifecycle: sorted(state.lifecycle),
  };
}

const asItIs = (value: unknown): unknown => value;

function compact({ at, type, event }: RecentTouchpoint): CompactTouchpoint {
  return [at, type, event];
}
