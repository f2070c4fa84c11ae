import { joinConsents } from './consent/remembered.js';
import { joinIdentifiers } from './identifiers.js';
import { maxRecentDeliveries, maxRecentTouchpoints, type ProfileState } from './profile-state.js';
import { latestByName, newestOf } from './stamp.js';

/** One state of all that both know. Commutative, associative and idempotent. */
export function merge(a: ProfileState, b: ProfileState): ProfileState {
  return {
    firstSeenAt: chosen(a.firstSeenAt, b.firstSeenAt, Math.min),
    lastSeenAt: chosen(a.lastSeenAt, b.lastSeenAt, Math.max),
    traits: latestByName(a.traits, b.traits),
    identifiers: joinIdentifiers(a.identifiers, b.identifiers),
    recentTouchpoints: newestOf(a.recentTouchpoints, b.recentTouchpoints, maxRecentTouchpoints),
    consents: joinConsents(a.consents, b.consents),
    preferences: latestByName(a.preferences, b.preferences),
    memberships: latestByName(a.memberships, b.memberships),
    scores: latestByName(a.scores, b.scores),
    recentDeliveries: newestOf(a.recentDeliveries, b.recentDeliveries, maxRecentDeliveries),
  };
}

function chosen(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
  if (a === null || b === null) return a ?? b;
  return choose(a, b);
}
