import { maxIdentifiersOfType, maxRecentDeliveries, maxRecentTouchpoints, type ProfileState } from './profile-state.js';
import { latestByName, newestOf } from './stamp.js';

/** One state of all that both know. Commutative, associative and idempotent. */
export function merge(a: ProfileState, b: ProfileState): ProfileState {
  return {
    firstSeenAt: chosen(a.firstSeenAt, b.firstSeenAt, Math.min),
    lastSeenAt: chosen(a.lastSeenAt, b.lastSeenAt, Math.max),
    traits: latestByName(a.traits, b.traits),
    identifiers: joinIdentifiers(a.identifiers, b.identifiers),
    recentTouchpoints: newestOf(a.recentTouchpoints, b.recentTouchpoints, maxRecentTouchpoints),
    consents: latestByName(a.consents, b.consents),
    memberships: latestByName(a.memberships, b.memberships),
    scores: latestByName(a.scores, b.scores),
    recentDeliveries: newestOf(a.recentDeliveries, b.recentDeliveries, maxRecentDeliveries),
  };
}

function chosen(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
  if (a === null || b === null) return a ?? b;
  return choose(a, b);
}

type Identifiers = ProfileState['identifiers'];
type LastSeen = Identifiers[string];

function joinIdentifiers(a: Identifiers, b: Identifiers): Identifiers {
  let joined = a;
  for (const [type, values] of Object.entries(b)) {
    const known = joined[type];
    const both = known ? joinLastSeen(known, values) : values;
    if (both !== known) joined = { ...joined, [type]: both };
  }
  return joined;
}

function joinLastSeen(a: LastSeen, b: LastSeen): LastSeen {
  const joined = new Map(Object.entries(a));
  let isChanged = false;
  for (const [value, seenAt] of Object.entries(b)) {
    if (seenAt <= (joined.get(value) ?? -Infinity)) continue;
    joined.set(value, seenAt);
    isChanged = true;
  }
  if (!isChanged) return a;
  if (joined.size <= maxIdentifiersOfType) return Object.fromEntries(joined);
  // Newest first, then by value, so that what is left out does not depend on the order of joining.
  const newest = [...joined].sort(([x, xSeenAt], [y, ySeenAt]) => ySeenAt - xSeenAt || (x < y ? -1 : 1));
  return Object.fromEntries(newest.slice(0, maxIdentifiersOfType));
}
