import { maxIdentifiersOfType, type ProfileState, type SeenIdentifier } from './profile-state.js';

type Identifiers = ProfileState['identifiers'];

/** The identifiers after one more sighting. Gives the same object where it tells nothing new. */
export function withIdentifier(known: Identifiers, type: string, value: string, seenAt: number): Identifiers {
  const before = known[type] ?? [];
  const after = withSighting(before, [value, seenAt]);
  return after === before ? known : { ...known, [type]: after };
}

export function joinIdentifiers(a: Identifiers, b: Identifiers): Identifiers {
  let joined = a;
  for (const [type, values] of Object.entries(b)) {
    for (const [value, seenAt] of values) joined = withIdentifier(joined, type, value, seenAt);
  }
  return joined;
}

function withSighting(known: readonly SeenIdentifier[], seen: SeenIdentifier): readonly SeenIdentifier[] {
  const [value, seenAt] = seen;
  const same = known.find(([other]) => other === value);
  if (same && same[1] >= seenAt) return known;
  const joined = known.filter((other) => other !== same);
  joined.push(seen);
  return joined.length === 1 ? joined : joined.sort(newestFirst).slice(0, maxIdentifiersOfType);
}

/** Then by value, so that what is left out does not depend on the order of joining. */
function newestFirst([a, aSeenAt]: SeenIdentifier, [b, bSeenAt]: SeenIdentifier): number {
  return bSeenAt - aSeenAt || (a < b ? -1 : 1);
}
