import type { JsonValue } from '@rapport/events';
import type { ProfileState, Trait } from './profile-state.js';

type Traits = ProfileState['traits'];

/** When and by whom a trait was said: [timestamp, receivedAt, partition, offset, source, inferred (0 or 1), votes]. */
export type TraitStamp = readonly [
  ...Trait['at'],
  source: string,
  inferred?: 0 | 1,
  votes?: NonNullable<Trait['votes']>,
];

export interface TraitColumns {
  readonly traits: Readonly<Record<string, JsonValue>>;
  readonly trait_stamps: Readonly<Record<string, TraitStamp>>;
}

/** Sorted by name, because a json column keeps the order it is given and the row must not depend on arrival. */
export function traitColumns(traits: Traits): TraitColumns {
  const sorted = Object.entries(traits).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    traits: Object.fromEntries(sorted.map(([name, { value }]) => [name, value])),
    trait_stamps: Object.fromEntries(sorted.map(([name, trait]) => [name, stampOf(trait)])),
  };
}

export function traitsOfColumns({ traits, trait_stamps: stamps }: TraitColumns): Traits {
  return Object.fromEntries(
    Object.entries(traits).flatMap(([name, value]): readonly (readonly [string, Trait])[] => {
      const stamp = stamps[name];
      if (stamp === undefined) return [];
      const [timestamp, receivedAt, partition, offset, source, inferred, votes] = stamp;
      const at = [timestamp, receivedAt, partition, offset] as const;
      const optional = {
        ...(inferred === 1 ? { inferred: true as const } : {}),
        ...(votes === undefined ? {} : { votes }),
      };
      return [[name, { value, at, source, ...optional }]];
    }),
  );
}

function stampOf({ at, source, inferred, votes }: Trait): TraitStamp {
  if (votes !== undefined) return [...at, source, inferred ? 1 : 0, votes];
  return inferred ? [...at, source, 1] : [...at, source];
}
