export {
  type RejectedTouchpoint,
  compareTouchpoints,
  touchpointFlags,
  touchpointTypes,
  type JsonObject,
  type JsonValue,
  type OpenedTouchpoint,
  type ProfileTouchpoint,
  type Touchpoint,
  type TouchpointContent,
  type TouchpointFlag,
  type TouchpointType,
} from './touchpoint.js';
export { identifiersIn, type PlainIdentifier } from './collecting/identifiers-in.js';
export { consentStatuses } from './log-events/consent-events.js';
export type { ApiKeyRecorded, AuditRecorded } from './log-events/access-events.js';
export type {
  ConsentRecorded,
  ConsentStatus,
  PreferenceName,
  PreferenceRecorded,
  SuppressionRecorded,
} from './log-events/consent-events.js';
export type {
  DeliveryContent,
  DeliveryRecorded,
  DeliveryRequested,
  JourneyProgressed,
} from './log-events/journey-events.js';
export type { ErasureCompleted, ErasureRequested, SubjectKey } from './log-events/privacy-events.js';
export type {
  IdentifierLinked,
  IdentityDecided,
  LinkRefused,
  ProfilesMerged,
  ProfilesSplit,
} from './log-events/identity-events.js';
export type { LifecycleChanged, MembershipChanged, ScoreChanged, TimerFired } from './log-events/profile-events.js';
export type { LogEvent, LogEventName, LogEvents } from './log-events.js';
export { services, topicNames, topics, type ServiceName, type TopicDefinition, type TopicName } from './topics.js';
export { touchpointNames, type TouchpointName } from './touchpoint-names.js';
export { parseDuration } from './duration.js';
export { deriveId, profileIdOf } from './ids.js';
export { upcast, upcasters, type Upcaster, type Upcasters } from './upcasters/upcasters.js';
export {
  decodeMessage,
  type AcceptedTouchpoint,
  type Decoded,
  type LeadingIdentifier,
  type RejectedMessage,
  type RequestFacts,
} from './collecting/decode-message.js';
export { parseTime } from './collecting/event-time.js';
export { collectLimits } from './collecting/limits.js';
export { parseJson, type ParsedJson } from './collecting/parse-json.js';
export { rejectionReasons, type Rejection, type RejectionReason } from './collecting/rejection.js';
export { batchItemTexts, splitBatch, type SplitRequest } from './collecting/split-request.js';
