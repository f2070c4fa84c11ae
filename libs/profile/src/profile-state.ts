import type { ConsentStatus, JsonValue } from '@rapport/events';
import type { ComputedState } from './computed/computed-state.js';
import type { StageNow } from './lifecycle/evaluate-stage.js';
import type { Relationship } from './relationship/relationship.js';
import type { Stamped } from './stamp.js';

export const maxRecentTouchpoints = 20;
export const maxRecentDeliveries = 10;
/** Newest values of one type that a profile shows; the identity graph knows all of them. */
export const maxIdentifiersOfType = 20;

export interface Trait extends Stamped {
  readonly value: JsonValue;
  /** Id of the source that said it. */
  readonly source: string;
  /** A guess of a system, not said by the person or the business. */
  readonly inferred?: true;
  /** `most-frequent` only: how often each value was said, by its JSON text. */
  readonly votes?: Readonly<Record<string, number>>;
}

/** The rest of it stands on the log, at the position of its stamp. */
export interface RecentTouchpoint extends Stamped {
  readonly type: string;
  readonly event: string | null;
}

export interface ConsentState extends Stamped {
  readonly status: ConsentStatus;
  readonly lawfulBasis: string;
  readonly textVersion: string | null;
  readonly expiresAt: number | null;
  readonly settles: readonly string[];
}

export interface PreferenceState extends Stamped {
  /** Empty: taken back. */
  readonly value: string;
  readonly settles: readonly string[];
}

export interface Membership extends Stamped {
  readonly change: 'entered' | 'exited';
  /** Event time of what changed it. */
  readonly since: number;
}

export interface Score extends Stamped {
  readonly value: number;
  readonly components: Readonly<Record<string, number>>;
}

export interface RecentDelivery extends Stamped {
  readonly deliveryId: string;
  readonly channel: string;
  readonly journeyId: string;
  readonly status: string;
  readonly reason: string | null;
}

/** A value and the event time it was last seen at. */
export type SeenIdentifier = readonly [value: string, seenAt: number];

/**
 * What is known of one person. `evolve` and `merge` only ever join facts, so any order and grouping of the same facts
 * gives the same state. Counts and sums (votes, computed traits, interests, engagement) are added: each fact counts once,
 * and states that are merged have no fact in common. Orders are kept apart (`OrderState`), a row each. All of it is JSON.
 */
export interface ProfileState {
  /** Event time of the earliest and latest touchpoint, milliseconds; `null` before any. */
  readonly firstSeenAt: number | null;
  readonly lastSeenAt: number | null;
  readonly traits: Readonly<Record<string, Trait>>;
  /** By type, newest first. Pairs, because an object with a key a person is slow to make and to read. */
  readonly identifiers: Readonly<Record<string, readonly SeenIdentifier[]>>;
  /** Newest first. */
  readonly recentTouchpoints: readonly RecentTouchpoint[];
  /** By `loneProfileId/purpose/channel`: what a profile said is its own, whatever it is merged with or split from. */
  readonly consents: Readonly<Record<string, ConsentState>>;
  /** By `loneProfileId/name`. */
  readonly preferences: Readonly<Record<string, PreferenceState>>;
  readonly memberships: Readonly<Record<string, Membership>>;
  readonly scores: Readonly<Record<string, Score>>;
  /** Newest first. */
  readonly recentDeliveries: readonly RecentDelivery[];
  readonly computed: ComputedState;
  readonly relationship: Relationship;
  /** Latest log time seen of this person, milliseconds; the stage is as of then. */
  readonly clock: number;
  /** `null` before anything is known. */
  readonly lifecycle: StageNow | null;
}

export const initialState: ProfileState = {
  firstSeenAt: null,
  lastSeenAt: null,
  traits: {},
  identifiers: {},
  recentTouchpoints: [],
  consents: {},
  preferences: {},
  memberships: {},
  scores: {},
  recentDeliveries: [],
  computed: {},
  relationship: {},
  clock: 0,
  lifecycle: null,
};
