import type {
  DeliveryRecorded,
  JsonObject,
  MembershipChanged,
  OpenedTouchpoint,
  ScoreChanged,
  TouchpointContent,
} from '@rapport/events';
import { consentsWith, preferencesWith } from './consent/remembered.js';
import { consentEvents } from './consent/statement.js';
import { withIdentifier } from './identifiers.js';
import { maxRecentDeliveries, maxRecentTouchpoints, type ProfileState } from './profile-state.js';
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
  | { readonly name: 'delivery-recorded'; readonly value: DeliveryRecorded; readonly position: LogPosition };

/** The state after one more fact, whichever order facts come in. */
export function evolve(state: ProfileState, fact: ProfileFact): ProfileState {
  switch (fact.name) {
    case 'profile-touchpoint':
      return withTouchpoint(state, fact.value);
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
}

/** Of an erased person only what the clear envelope says is left. */
function withTouchpoint(state: ProfileState, touchpoint: OpenedTouchpoint): ProfileState {
  const { timestamp, type, event, content } = touchpoint;
  const at = stampOf(touchpoint);
  const isConsent = event !== null && consentEvents.has(event);
  return {
    ...state,
    firstSeenAt: Math.min(state.firstSeenAt ?? timestamp, timestamp),
    lastSeenAt: Math.max(state.lastSeenAt ?? timestamp, timestamp),
    recentTouchpoints: withNewest(state.recentTouchpoints, { at, type, event }, maxRecentTouchpoints),
    traits: type === 'identify' && content?.traits ? withTraits(state.traits, content.traits, at) : state.traits,
    identifiers: content ? withIdentifiers(state.identifiers, content, timestamp) : state.identifiers,
    consents: isConsent ? consentsWith(state.consents, touchpoint) : state.consents,
    preferences: isConsent ? preferencesWith(state.preferences, touchpoint) : state.preferences,
  };
}

function withTraits(known: ProfileState['traits'], said: JsonObject, at: Stamp): ProfileState['traits'] {
  return latestByName(
    known,
    Object.fromEntries(Object.entries(said).map(([name, value]) => [storableText(name), { value, at }])),
  );
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
