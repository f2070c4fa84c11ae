import type { ConsentStatus, PreferenceName } from '@rapport/events';
import type { Channel } from './definition.js';

/** When something was said: event time, arrival, and position on `touchpoints`. */
type Said = readonly [timestamp: number, receivedAt: number, partition: number, offset: number];

/** A statement about consent, as `consents` tells it; what it means, `Facts.refusal` says. */
export interface Consent {
  readonly loneProfileId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly status: ConsentStatus;
  readonly lawfulBasis: string;
  readonly textVersion: string | null;
  readonly expiresAt: number | null;
  readonly settles: readonly string[];
  readonly at: Said;
}

export interface Preference {
  readonly loneProfileId: string;
  readonly name: PreferenceName;
  readonly value: string;
  readonly settles: readonly string[];
  readonly at: Said;
}

/** A message that was requested, for counting how often a person is written to. */
export interface SentMessage {
  readonly deliveryId: string;
  readonly instanceId: string;
  readonly purpose: string;
  readonly channel: Channel;
  /** Log time of the decision. */
  readonly at: number;
}

/** One passage of a person through one version of a journey. */
export interface JourneyInstance {
  readonly instanceId: string;
  readonly journeyId: string;
  readonly version: number;
  readonly status: 'running' | 'exited' | 'completed';
  /** Event time of what let the person in. */
  readonly enteredFor: number;
  /** The wait the person is in, and its timer; `null` once the passage has ended. */
  readonly waiting: { readonly stepId: string; readonly timerId: string; readonly dueAt: number } | null;
}

/** What the journeys remember of one person. */
export interface JourneyPerson {
  /** Latest log time seen of this person; it never goes back, as topics are read side by side. */
  readonly clock: number;
  /** Newest event time by event, of the events that journeys enter or exit on. */
  readonly lastEventAt: Readonly<Record<string, number>>;
  /** By `loneProfileId/purpose/channel`: what a profile said is its own, whatever it is merged with or split from. */
  readonly consents: Readonly<Record<string, Consent>>;
  /** By `loneProfileId/name`. */
  readonly preferences: Readonly<Record<string, Preference>>;
  /** Newest last. */
  readonly sent: readonly SentMessage[];
  /** Running and ended passages, by time of entry; ended ones say which causes have been acted on. */
  readonly instances: readonly JourneyInstance[];
}

export const initialState: JourneyPerson = {
  clock: 0,
  lastEventAt: {},
  consents: {},
  preferences: {},
  sent: [],
  instances: [],
};

/** What came in about a person. `profileId` is the id it came in under, before any merge. */
export type JourneyInput =
  | {
      readonly kind: 'segment-entered';
      readonly profileId: string;
      readonly segmentId: string;
      readonly timestamp: number;
      readonly decidedAt: number;
      readonly causeId: string;
      readonly imported: boolean;
      /** The person was merged or split, and did nothing. */
      readonly rearranged: boolean;
    }
  | {
      readonly kind: 'performed';
      readonly profileId: string;
      readonly event: string;
      readonly timestamp: number;
      readonly receivedAt: number;
      readonly messageId: string;
      readonly imported: boolean;
    }
  | { readonly kind: 'timer-fired'; readonly timerId: string; readonly dueAt: number; readonly firedAt: number }
  | { readonly kind: 'consent-recorded'; readonly consent: Consent }
  | { readonly kind: 'preference-recorded'; readonly preference: Preference }
  /** Profiles were merged or split: what is known of this person was put together anew from its lone profiles. */
  | { readonly kind: 'rearranged'; readonly person: JourneyPerson; readonly causeId: string };

interface InInstance {
  readonly instanceId: string;
  readonly journeyId: string;
  readonly version: number;
  /** Log time of the decision. */
  readonly decidedAt: number;
  readonly causeId: string;
}

/** What the journeys decided for a person, and why. */
export type JourneyEvent =
  | ({ readonly kind: 'entered'; readonly enteredFor: number } & InInstance)
  | ({
      readonly kind: 'entry-refused';
      readonly reason: 'imported' | 'rearranged' | 'too-old' | 'already-running';
    } & InInstance)
  | ({
      readonly kind: 'waiting';
      readonly stepId: string;
      readonly timerId: string;
      readonly dueAt: number;
    } & InInstance)
  | ({
      readonly kind: 'message-requested';
      readonly stepId: string;
      readonly deliveryId: string;
      readonly channel: Channel;
      readonly purpose: string;
      readonly templateId: string;
    } & InInstance)
  | ({ readonly kind: 'message-withheld'; readonly stepId: string; readonly reason: WithheldReason } & InInstance)
  | ({ readonly kind: 'exited'; readonly reason: string; readonly timerId: string | null } & InInstance)
  | ({ readonly kind: 'completed' } & InInstance);

export type WithheldReason = 'no-address' | 'erased' | 'too-late' | ContactRefusal;

/** Why a person does not wish, or must not be asked, to be written to. */
export type ContactRefusal =
  'consent-withdrawn' | 'consent-denied' | 'consent-expired' | 'consent-missing' | 'paused' | 'frequency-cap';
