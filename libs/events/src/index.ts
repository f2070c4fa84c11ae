export {
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
export { identifiersIn } from './collecting/identifiers-in.js';
export { consentStatuses, preferenceNames } from './log-events.js';
export type {
  ApiKeyRecorded,
  AuditRecorded,
  ConsentRecorded,
  ConsentStatus,
  DeliveryContent,
  DeliveryRecorded,
  DeliveryRequested,
  ErasureCompleted,
  ErasureRequested,
  IdentifierLinked,
  IdentityDecided,
  JourneyProgressed,
  LifecycleChanged,
  LinkRefused,
  LogEvent,
  LogEventName,
  LogEvents,
  MembershipChanged,
  PreferenceName,
  PreferenceRecorded,
  ProfilesMerged,
  ProfilesSplit,
  RejectedTouchpoint,
  ScoreChanged,
  SubjectKey,
  SuppressionRecorded,
  TimerFired,
} from './log-events.js';
export { services, topicNames, topics, type ServiceName, type TopicDefinition, type TopicName } from './topics.js';
export { touchpointNames, type TouchpointName } from './touchpoint-names.js';
export { durationPattern, parseDuration } from './duration.js';
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
