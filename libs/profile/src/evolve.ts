import type {
  DeliveryRecorded,
  MembershipChanged,
  OpenedTouchpoint,
  ScoreChanged,
  TimerFired,
  TouchpointContent,
} from '@rapport/events';
import { withComputed } from './computed/computed-state.js';
import { consentsWith, preferencesWith } from './consent/remembered.js';
import { consentEvents } from './consent/statement.js';
import { withIdentifier } from './identifiers.js';
import { withLifecycle } from './lifecycle/with-lifecycle.js';
import { maxRecentDeliveries, maxRecentTouchpoints, type ProfileState } from './profile-state.js';
import { answersIn } from './questions.js';
import { mergeRelationships } from './relationship/merge-relationships.js';
import { toldBy } from './relationship/told-by.js';
import type { ProfileRules } from './rules/profile-rules.js';
import { joinTraits, traitsSaid } from './traits.js';
import { storableText } from './storable.js';
import { latestByName, stampOf, withNewest, type Stamp } from './stamp.js';

/** Position of a record on its topic; with its time it orders what is said about one profile. */
export interface LogPosition {
  readonly partition: number;
  readonly offset: number;
}

export type ProfileFact =
  | { readonly name: 'profile-touchpoint'; readonly value: OpenedTouchpoint }
  | { readonly name: 'membership-changed'; readonly value: MembershipChanged; readonly position: LogPosition }
  | { readonly name: 'score-changed'; readonly value: ScoreChanged; readonly position: LogPosition }
  | { readonly name: 'delivery-recorded'; readonly value: DeliveryRecorded; readonly position: LogPosition }
  | { readonly name: 'timer-fired'; readonly value: TimerFired & { readonly profileId: string } };

/** The state after one more fact, whichever order facts come in. Each fact must be told once. */
export function evolveBy(rules: ProfileRules): (state: ProfileState, fact: ProfileFact) => ProfileState {
  return (state, fact) => {
    switch (fact.name) {
      case 'profile-touchpoint':
        return withLifecycle(rules, state, withTouchpoint(rules, state, fact.value));
      case 'timer-fired':
        return withLifecycle(rules, state, { ...state, clock: Math.max(state.clock, fact.value.firedAt) });
      case 'membership-changed': {
        const { segmentId, change, timestamp, decidedAt } = fact.value;
        const membership = { change, since: timestamp, at: stampAt(decidedAt, fact.position) };
        return { ...state, memberships: latestByName(state.memberships, { [segmentId]: membership }) };
      }
      case 'score-changed': {
        const { scoreId, value, components, computedAt } = fact.value;
        const score = { value, components, at: stampAt(computedAt, fact.position) };
        return { ...state, scores: latestByName(state.scores, { [scoreId]: score }) };
      }
      case 'delivery-recorded': {
        const { deliveryId, channel, journeyId, status, reason, timestamp } = fact.value;
        const delivery = { deliveryId, channel, journeyId, status, reason, at: stampAt(timestamp, fact.position) };
        const recentDeliveries = withNewest(state.recentDeliveries, delivery, maxRecentDeliveries);
        return { ...state, recentDeliveries };
      }
    }
  };
}

/** Of an erased person only what the clear envelope says is left. */
function withTouchpoint(rules: ProfileRules, state: ProfileState, touchpoint: OpenedTouchpoint): ProfileState {
  const { timestamp, receivedAt, type, event, content } = touchpoint;
  const at = stampOf(touchpoint);
  const isConsent = event !== null && consentEvents.has(event);
  const said = type === 'identify' ? content?.traits : answersIn(rules, touchpoint);
  // Each name by itself: one shape of object for all states, which the engine copies many times faster than a spread.
  return {
    firstSeenAt: Math.min(state.firstSeenAt ?? timestamp, timestamp),
    lastSeenAt: Math.max(state.lastSeenAt ?? timestamp, timestamp),
    recentTouchpoints: withNewest(state.recentTouchpoints, { at, type, event }, maxRecentTouchpoints),
    traits: said ? joinTraits(rules, state.traits, traitsSaid(rules, touchpoint, said)) : state.traits,
    identifiers: content ? withIdentifiers(state.identifiers, content, timestamp) : state.identifiers,
    consents: isConsent ? consentsWith(state.consents, touchpoint) : state.consents,
    preferences: isConsent ? preferencesWith(state.preferences, touchpoint) : state.preferences,
    memberships: state.memberships,
    scores: state.scores,
    recentDeliveries: state.recentDeliveries,
    computed: withComputed(rules, state.computed, touchpoint),
    relationship: mergeRelationships(state.relationship, ...toldBy(rules, state.relationship, touchpoint)),
    clock: Math.max(state.clock, receivedAt),
    lifecycle: state.lifecycle,
  };
}

function withIdentifiers(
  known: ProfileState['identifiers'],
  { userId, anonymousId }: TouchpointContent,
  timestamp: number,
): ProfileState['identifiers'] {
  const withUser = userId === undefined ? known : withIdentifier(known, 'userId', storableText(userId), timestamp);
  return anonymousId === undefined
    ? withUser
    : withIdentifier(withUser, 'anonymousId', storableText(anonymousId), timestamp);
}

function stampAt(time: number, { partition, offset }: LogPosition): Stamp {
  return [time, time, partition, offset];
}
