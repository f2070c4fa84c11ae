import type { DeliveryRecorded, MembershipChanged, OpenedTouchpoint, ScoreChanged } from '@rapport/events';
import { consentChangeOf, consentName } from './consents.js';
import { merge } from './merge.js';
import { initialState, type ProfileState, type Trait } from './profile-state.js';
import { stampOf, type Stamp } from './stamp.js';

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
  return merge(state, stateOf(fact));
}

/** All that one fact says. */
function stateOf(fact: ProfileFact): ProfileState {
  switch (fact.name) {
    case 'profile-touchpoint':
      return ofTouchpoint(fact.value);
    case 'membership-changed': {
      const { segmentId, change, timestamp, decidedAt } = fact.value;
      const at = stampAt(decidedAt, fact.position);
      return { ...initialState, memberships: { [segmentId]: { change, since: timestamp, at } } };
    }
    case 'score-changed': {
      const { scoreId, value, components, computedAt } = fact.value;
      return { ...initialState, scores: { [scoreId]: { value, components, at: stampAt(computedAt, fact.position) } } };
    }
    case 'delivery-recorded': {
      const { deliveryId, channel, journeyId, status, reason, timestamp } = fact.value;
      const at = stampAt(timestamp, fact.position);
      return { ...initialState, recentDeliveries: [{ deliveryId, channel, journeyId, status, reason, at }] };
    }
  }
}

/** Of an erased person only what the clear envelope says is left. */
function ofTouchpoint(touchpoint: OpenedTouchpoint): ProfileState {
  const { timestamp, type, event, messageId, content } = touchpoint;
  const at = stampOf(touchpoint);
  const consent = consentChangeOf(touchpoint);
  return {
    ...initialState,
    firstSeenAt: timestamp,
    lastSeenAt: timestamp,
    recentTouchpoints: [{ at, type, event, messageId }],
    ...(type === 'identify' && content?.traits ? { traits: traitsOf(content.traits, at) } : {}),
    ...(content ? { identifiers: identifiersOf(content, timestamp) } : {}),
    ...(consent ? { consents: { [consentName(consent)]: { status: consent.status, at } } } : {}),
  };
}

function traitsOf(
  traits: NonNullable<NonNullable<OpenedTouchpoint['content']>['traits']>,
  at: Stamp,
): Readonly<Record<string, Trait>> {
  return Object.fromEntries(Object.entries(traits).map(([name, value]) => [name, { value, at }]));
}

function identifiersOf(
  { userId, anonymousId }: NonNullable<OpenedTouchpoint['content']>,
  timestamp: number,
): ProfileState['identifiers'] {
  return {
    ...(userId === undefined ? {} : { userId: { [userId]: timestamp } }),
    ...(anonymousId === undefined ? {} : { anonymousId: { [anonymousId]: timestamp } }),
  };
}

function stampAt(time: number, { partition, offset }: LogPosition): Stamp {
  return [time, time, partition, offset];
}
