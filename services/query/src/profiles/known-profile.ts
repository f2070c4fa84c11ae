import type { JsonObject } from '@rapport/events';
import type { ProfileState, Trait } from '@rapport/profile';
import type { ProfileRow } from './profile.store.js';

/** What the pure functions of `@rapport/profile` look at, read back from a row. */
export interface KnownProfile extends Pick<
  ProfileState,
  'traits' | 'firstSeenAt' | 'computed' | 'relationship' | 'lifecycle' | 'clock'
> {
  /** Milliseconds since the epoch. */
  readonly firstOrderAt: number | null;
}

export function knownProfile(row: ProfileRow, firstOrderAt: number | null): KnownProfile {
  return {
    traits: traitsOf(row.traits, row.trait_stamps),
    firstSeenAt: row.first_seen_at?.getTime() ?? null,
    computed: row.computed,
    relationship: row.relationship,
    lifecycle: row.lifecycle,
    clock: row.clock,
    firstOrderAt,
  };
}

function traitsOf(traits: JsonObject, stamps: ProfileRow['trait_stamps']): ProfileState['traits'] {
  return Object.fromEntries(
    Object.entries(traits).flatMap(([name, value]): readonly (readonly [string, Trait])[] => {
      const stamp = stamps[name];
      if (stamp === undefined) return [];
      const [timestamp, receivedAt, partition, offset, source, inferred] = stamp;
      const trait = { value, at: [timestamp, receivedAt, partition, offset] as const, source };
      return [[name, inferred === 1 ? { ...trait, inferred: true as const } : trait]];
    }),
  );
}
