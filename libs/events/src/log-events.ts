import type { ApiKeyRecorded, AuditRecorded } from './log-events/access-events.js';
import type { ConsentRecorded, PreferenceRecorded, SuppressionRecorded } from './log-events/consent-events.js';
import type {
  IdentifierLinked,
  IdentityDecided,
  LinkRefused,
  ProfilesMerged,
  ProfilesSplit,
} from './log-events/identity-events.js';
import type { DeliveryRecorded, DeliveryRequested, JourneyProgressed } from './log-events/journey-events.js';
import type { ErasureCompleted, ErasureRequested, SubjectKey } from './log-events/privacy-events.js';
import type { LifecycleChanged, MembershipChanged, ScoreChanged, TimerFired } from './log-events/profile-events.js';
import type { ProfileTouchpoint, RejectedTouchpoint, Touchpoint } from './touchpoint.js';

/** Every record on the log by the name of its schema folder in `schemas/events`. */
export interface LogEvents {
  readonly touchpoint: Touchpoint;
  readonly 'profile-touchpoint': ProfileTouchpoint;
  readonly 'subject-key': SubjectKey;
  readonly 'rejected-touchpoint': RejectedTouchpoint;
  readonly 'identifier-linked': IdentifierLinked;
  readonly 'profiles-merged': ProfilesMerged;
  readonly 'profiles-split': ProfilesSplit;
  readonly 'link-refused': LinkRefused;
  readonly 'identity-decided': IdentityDecided;
  readonly 'consent-recorded': ConsentRecorded;
  readonly 'preference-recorded': PreferenceRecorded;
  readonly 'suppression-recorded': SuppressionRecorded;
  readonly 'api-key-recorded': ApiKeyRecorded;
  readonly 'membership-changed': MembershipChanged;
  readonly 'lifecycle-changed': LifecycleChanged;
  readonly 'score-changed': ScoreChanged;
  readonly 'journey-progressed': JourneyProgressed;
  readonly 'delivery-requested': DeliveryRequested;
  readonly 'delivery-recorded': DeliveryRecorded;
  readonly 'timer-fired': TimerFired;
  readonly 'erasure-requested': ErasureRequested;
  readonly 'erasure-completed': ErasureCompleted;
  readonly 'audit-recorded': AuditRecorded;
}
export type LogEventName = keyof LogEvents;

/** A decoded record: which event it is, in which schema version it was written, and its value in the newest form. */
export type LogEvent = { [N in LogEventName]: { readonly name: N; readonly value: LogEvents[N] } }[LogEventName];
