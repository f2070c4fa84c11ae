import { joinConsents } from './consent/remembered.js';
import { mergeComputed } from './computed/computed-state.js';
import { joinIdentifiers } from './identifiers.js';
import { withLifecycle } from './lifecycle/with-lifecycle.js';
import { maxRecentDeliveries, maxRecentTouchpoints, type ProfileState } from './profile-state.js';
import { mergeRelationships } from './relationship/merge-relationships.js';
import type { ProfileRules } from './rules/profile-rules.js';
import { latestByName, newestOf } from './stamp.js';
import { joinTraits } from './traits.js';

/**
 * One state of all that both know. Commutative and associative, with `initialState` as its neutral element. The two must
 * not have a fact in common, because counts are added.
 */
export function mergeBy(rules: ProfileRules): (a: ProfileState, b: ProfileState) => ProfileState {
  return (a, b) =>
    withLifecycle(rules, undefined, {
      firstSeenAt: chosen(a.firstSeenAt, b.firstSeenAt, Math.min),
      lastSeenAt: chosen(a.lastSeenAt, b.lastSeenAt, Math.max),
      traits: joinTraits(rules, a.traits, b.traits),
      identifiers: joinIdentifiers(a.identifiers, b.identifiers),
      recentTouchpoints: newestOf(a.recentTouchpoints, b.recentTouchpoints, maxRecentTouchpoints),
      consents: joinConsents(a.consents, b.consents),
      preferences: latestByName(a.preferences, b.preferences),
      memberships: latestByName(a.memberships, b.memberships),
      scores: latestByName(a.scores, b.scores),
      recentDeliveries: newestOf(a.recentDeliveries, b.recentDeliveries, maxRecentDeliveries),
      computed: mergeComputed(rules, a.computed, b.computed),
      relationship: mergeRelationships(a.relationship, b.relationship),
      clock: Math.max(a.clock, b.clock),
      lifecycle: null,
    });
}

function chosen(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
  if (a === null || b === null) return a ?? b;
  return choose(a, b);
}
