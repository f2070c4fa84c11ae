import type { ProfileTouchpoint, Touchpoint } from './touchpoint.js';

/** One data key of one subject, wrapped by the master key. A tombstone (null value) erases it. Key: `subjectId/keyId`. */
export interface SubjectKey {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  /** Names the master key that wrapped `wrappedKey`, for rotation. */
  readonly masterKeyId: string;
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

/**
 * What the collector could not accept, whole: `body` holds the bytes of the one event (or of the whole request when it
 * could not be split), sealed under a subject key like any content. Key: `rejectionId`.
 */
export interface RejectedTouchpoint {
  readonly rejectionId: string;
  readonly workspaceId: string;
  readonly sourceId: string;
  /** Machine-readable reason, for example `missing-identifier`. */
  readonly reason: string;
  /** What is wrong, where, and how to mend it. Holds no value of the event. */
  readonly detail: string;
  readonly messageId: string | null;
  readonly receivedAt: number;
  readonly subjectId: string;
  readonly keyId: string;
  readonly body: Uint8Array;
}

/** An identifier (by keyed hash) now belongs to a profile. Key: `profileId`. */
export interface IdentifierLinked {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly identifierType: string;
  readonly identifierHash: string;
  /** Orders it among the merges and splits of the workspace. */
  readonly sequence: number;
  /** Event time of the touchpoint that showed the link. */
  readonly timestamp: number;
  readonly messageId: string;
}

/**
 * Two profiles turned out to be one person: `profileIds`, `mergedId` among them, live on in `survivorId`. Of two events
 * that name a profile, the one with the higher `sequence` counts, in whatever order they are read. Key: `mergedId`.
 */
export interface ProfilesMerged {
  readonly workspaceId: string;
  readonly survivorId: string;
  readonly mergedId: string;
  /** Lone profiles (see `ProfileTouchpoint.loneProfileId`) that live on in `survivorId` from now on. */
  readonly profileIds: readonly string[];
  /** Grows with every merge and split of a workspace. */
  readonly sequence: number;
  readonly reason: string;
  readonly timestamp: number;
  readonly messageId: string;
}

/**
 * Profiles that were taken for one person are not: `profileIds` leave `fromId` and are the person `profileId` from now
 * on. `sequence` as in `ProfilesMerged`. Key: `profileId`.
 */
export interface ProfilesSplit {
  readonly workspaceId: string;
  readonly fromId: string;
  /** The person that those who leave are now; one of `profileIds`. */
  readonly profileId: string;
  readonly profileIds: readonly string[];
  readonly sequence: number;
  readonly reason: string;
  readonly timestamp: number;
  /** The touchpoint or decision that showed it. */
  readonly causeId: string;
}

/**
 * Two identifiers that came together are not joined: joining them would break a rule, or they mean nobody (a shared
 * device). `identifier`, the weaker one, is quarantined as far as its link with `linked` goes. Key: `profileId`.
 */
export interface LinkRefused {
  readonly workspaceId: string;
  /** The profile of `linked`. */
  readonly profileId: string;
  readonly identifierType: string;
  readonly identifierHash: string;
  readonly linkedType: string;
  readonly linkedHash: string;
  readonly sequence: number;
  readonly reason: string;
  readonly timestamp: number;
  readonly messageId: string;
}

/**
 * An operator's word on who is one person: the first identifier and each of the others are (`link`), or are not
 * (`split`). Of two decisions on a pair, the later one on the log holds. Key: `workspaceId`.
 */
export interface IdentityDecided {
  readonly workspaceId: string;
  readonly decisionId: string;
  readonly kind: 'link' | 'split';
  /** Two or more, as keyed hashes of their normalised values. */
  readonly identifiers: readonly { readonly type: string; readonly hash: string }[];
  /** Why, for example `operator` or `duplicate-accepted`. Never personal. */
  readonly reason: string;
  /** Who decided: the name of an API key, or `cli`. */
  readonly decidedBy: string;
  readonly decidedAt: number;
}

/**
 * What a person allows or refuses, as one touchpoint said it. Key: `profileId`. `logPartition` and `logOffset` are the
 * touchpoint's position on `touchpoints`; with its times they order what was said.
 */
export interface ConsentRecorded {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Whose statement it is, whatever is merged or split later; see `ProfileTouchpoint.loneProfileId`. */
  readonly loneProfileId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly status: ConsentStatus;
  readonly lawfulBasis: string;
  /** Where it was said. */
  readonly sourceId: string;
  /** Version of the text that the person agreed to. */
  readonly textVersion: string | null;
  /** From then on it says nothing any more. */
  readonly expiresAt: number | null;
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly messageId: string;
  readonly logPartition: number;
  readonly logOffset: number;
  /** Lone profiles whose earlier statements this one overrides, as long as they are the same person. */
  readonly settles: readonly string[];
}

export const consentStatuses = ['granted', 'denied', 'withdrawn'] as const;
export type ConsentStatus = (typeof consentStatuses)[number];

/** How a person wishes to be written to. Key: `profileId`. Position and `settles` as in `ConsentRecorded`. */
export interface PreferenceRecorded {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly loneProfileId: string;
  readonly name: PreferenceName;
  /** `frequency`: id of a declared frequency. `paused-until`: ISO 8601. Empty: taken back. */
  readonly value: string;
  readonly sourceId: string;
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly messageId: string;
  readonly logPartition: number;
  readonly logOffset: number;
  readonly settles: readonly string[];
}

export const preferenceNames = ['frequency', 'paused-until'] as const;
export type PreferenceName = (typeof preferenceNames)[number];

/**
 * An identifier that nothing may be sent to and no import may bring back. Key: `identifierHash`, which holds workspace and
 * type; a null value takes it off the list.
 */
export interface SuppressionRecorded {
  readonly workspaceId: string;
  readonly identifierType: string;
  readonly identifierHash: string;
  /** `imports`: the person may come back by themselves. `everything`: nothing is collected either. */
  readonly scope: 'imports' | 'everything';
  readonly reason: string;
  readonly recordedAt: number;
}

/** A key of the API. Key: `apiKeyId`; a null value revokes it. */
export interface ApiKeyRecorded {
  readonly workspaceId: string;
  readonly apiKeyId: string;
  readonly name: string;
  /** SHA-256 of the secret, base64url. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** The key that a rotation put in its place; both open until this one expires. */
  readonly replacedBy: string | null;
}

/** A profile entered or left a segment. Key: `profileId`. */
export interface MembershipChanged {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly segmentId: string;
  readonly change: 'entered' | 'exited';
  /** Event time of what changed it: the touchpoint's time, or when the timer fell due. */
  readonly timestamp: number;
  /** Log time of the decision. */
  readonly decidedAt: number;
  /** The touchpoint or timer that changed it. */
  readonly causeId: string;
  /** True when the cause was imported history: it never triggers a journey. */
  readonly imported: boolean;
  /** True when the person was merged or split: nobody did anything, and it never triggers a journey. */
  readonly rearranged: boolean;
}

/**
 * A person came into another stage of the relationship, as it was decided then; late touchpoints may correct the past
 * without a further event. Key: `profileId`.
 */
export interface LifecycleChanged {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Empty when nothing was known of the person before. */
  readonly fromStage: string;
  readonly toStage: string;
  /** What holds of the person, in words: the `because` of the definition. */
  readonly reason: string;
  /** Since when: the event time of what brought it about, or the moment the time had passed. */
  readonly timestamp: number;
  /** Log time of the decision. */
  readonly decidedAt: number;
  /** The touchpoint, timer, merge or split that showed it. */
  readonly causeId: string;
  /** True when the cause was imported history: it never triggers a journey. */
  readonly imported: boolean;
}

/** A score of a profile has a new value. Key: `profileId`. */
export interface ScoreChanged {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly scoreId: string;
  /** For example `{"recency":5,"frequency":4,"monetary":3}` as numbers by component; `value` is the headline. */
  readonly value: number;
  readonly components: Readonly<Record<string, number>>;
  readonly computedAt: number;
  readonly causeId: string;
}

/** What a journey did for a person, and why. Key: `profileId`. */
export interface JourneyProgressed {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly journeyId: string;
  readonly journeyVersion: number;
  /** Unique per entry of a person into a journey. */
  readonly instanceId: string;
  readonly kind:
    'entered' | 'entry-refused' | 'waiting' | 'message-requested' | 'message-withheld' | 'exited' | 'completed';
  readonly stepId: string | null;
  /** Named reason, for example `too-old`, `no-address`, `consent-withdrawn`, `next-order`. */
  readonly reason: string | null;
  /** When a wait ends. */
  readonly dueAt: number | null;
  readonly timestamp: number;
  readonly causeId: string;
}

/** A message to send, decided and recorded. Key: `profileId`. `content` is sealed JSON (`DeliveryContent`). */
export interface DeliveryRequested {
  readonly workspaceId: string;
  readonly profileId: string;
  /** The effect's identity: hash of journey, version, instance, step. The same id is sent at most once. */
  readonly deliveryId: string;
  readonly channel: 'email' | 'sms' | 'webhook';
  readonly templateId: string;
  readonly journeyId: string;
  readonly instanceId: string;
  readonly stepId: string;
  /** Purpose of consent, checked again right before it leaves. */
  readonly purpose: string;
  readonly requestedAt: number;
  readonly subjectId: string;
  readonly keyId: string;
  readonly content: Uint8Array;
}

/** Opened content of a delivery request. */
export interface DeliveryContent {
  readonly to: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What became of a message. Key: `profileId`. */
export interface DeliveryRecorded {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly deliveryId: string;
  readonly channel: 'email' | 'sms' | 'webhook';
  readonly journeyId: string;
  readonly instanceId: string;
  readonly stepId: string;
  /** `withheld`: the person must not be written to; `reason` says why. */
  readonly status: 'sent' | 'failed' | 'withheld';
  readonly reason: string | null;
  readonly timestamp: number;
}

/** A timer that fell due. Key: `profileId`, or the workspace for a timer of the whole workspace. */
export interface TimerFired {
  readonly workspaceId: string;
  /** The service that set it and will act on it. */
  readonly owner: string;
  readonly timerId: string;
  readonly profileId: string | null;
  /** What the owner wrote down when it set the timer, for example `segment/lapsed-90-days`. */
  readonly purpose: string;
  readonly dueAt: number;
  readonly firedAt: number;
}

/** A person is to be erased. Key: `erasureId`. Hashes are keyed; nothing here is personal. */
export interface ErasureRequested {
  readonly workspaceId: string;
  readonly erasureId: string;
  /** Every lone profile of the person, the one they live on in first. */
  readonly profileIds: readonly string[];
  readonly subjectIds: readonly string[];
  readonly identifierHashes: readonly string[];
  readonly requestedBy: string;
  readonly requestedAt: number;
}

/** A person was erased: records about them below the cuts are passed over, live and in a replay. Key: `erasureId`. */
export interface ErasureCompleted {
  readonly workspaceId: string;
  readonly erasureId: string;
  /** By `topic/partition`, the first offset that is not erased. */
  readonly cuts: Readonly<Record<string, number>>;
  /** JWS in compact form. */
  readonly certificate: string;
  readonly completedAt: number;
}

/** Who changed or read what, chained by hash within the workspace. Key: `workspaceId`. */
export interface AuditRecorded {
  readonly workspaceId: string;
  readonly sequence: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, string>>;
  readonly previousHash: string;
  readonly hash: string;
}

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
