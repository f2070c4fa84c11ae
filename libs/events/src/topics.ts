import type { LogEventName } from './log-events.js';

export const services = [
  'collect',
  'resolve',
  'profile',
  'analyze',
  'segment',
  'score',
  'orchestrate',
  'deliver',
  'query',
] as const;
export type ServiceName = (typeof services)[number];

/** Who writes a topic, who reads it, what stands in it and what its key is. `npm run flow` prints this table. */
export interface TopicDefinition {
  readonly key: string;
  readonly events: readonly LogEventName[];
  readonly producers: readonly ServiceName[];
  readonly consumers: readonly ServiceName[];
  /** `compact`: only the newest record of a key matters, a null value deletes it. */
  readonly cleanup: 'keep' | 'compact';
}

export const topics = {
  touchpoints: {
    key: 'subjectId',
    events: ['touchpoint'],
    producers: ['collect', 'deliver', 'query'],
    consumers: ['resolve'],
    cleanup: 'keep',
  },
  'subject-keys': {
    key: 'subjectId/keyId',
    events: ['subject-key'],
    producers: ['collect', 'deliver', 'query'],
    consumers: ['collect', 'resolve', 'profile', 'analyze', 'segment', 'score', 'orchestrate', 'deliver', 'query'],
    cleanup: 'compact',
  },
  'rejected-touchpoints': {
    key: 'rejectionId',
    events: ['rejected-touchpoint'],
    producers: ['collect'],
    consumers: ['analyze'],
    cleanup: 'keep',
  },
  'profile-touchpoints': {
    key: 'profileId',
    events: ['profile-touchpoint'],
    producers: ['resolve'],
    consumers: ['profile', 'analyze', 'segment', 'score', 'orchestrate'],
    cleanup: 'keep',
  },
  identities: {
    key: 'profileId',
    events: ['identifier-linked', 'profiles-merged', 'profiles-split', 'link-refused'],
    producers: ['resolve'],
    consumers: ['profile', 'analyze', 'segment', 'score', 'orchestrate'],
    cleanup: 'keep',
  },
  'identity-decisions': {
    key: 'workspaceId',
    events: ['identity-decided'],
    producers: ['query'],
    consumers: ['resolve'],
    cleanup: 'keep',
  },
  consents: {
    key: 'profileId',
    events: ['consent-recorded', 'preference-recorded'],
    producers: ['profile'],
    consumers: ['analyze', 'orchestrate'],
    cleanup: 'keep',
  },
  suppressions: {
    key: 'identifierHash',
    events: ['suppression-recorded'],
    producers: ['query'],
    consumers: ['collect', 'deliver', 'query'],
    cleanup: 'compact',
  },
  'api-keys': {
    key: 'apiKeyId',
    events: ['api-key-recorded'],
    producers: ['query'],
    consumers: ['query'],
    cleanup: 'compact',
  },
  memberships: {
    key: 'profileId',
    events: ['membership-changed'],
    producers: ['segment'],
    consumers: ['profile', 'analyze', 'orchestrate'],
    cleanup: 'keep',
  },
  'lifecycle-stages': {
    key: 'profileId',
    events: ['lifecycle-changed'],
    producers: ['profile'],
    consumers: ['analyze'],
    cleanup: 'keep',
  },
  scores: {
    key: 'profileId',
    events: ['score-changed'],
    producers: ['score'],
    consumers: ['profile', 'analyze', 'segment', 'orchestrate'],
    cleanup: 'keep',
  },
  journeys: {
    key: 'profileId',
    events: ['journey-progressed'],
    producers: ['orchestrate'],
    consumers: ['analyze', 'orchestrate'],
    cleanup: 'keep',
  },
  'delivery-requests': {
    key: 'profileId',
    events: ['delivery-requested'],
    producers: ['orchestrate'],
    consumers: ['analyze', 'deliver'],
    cleanup: 'keep',
  },
  deliveries: {
    key: 'profileId',
    events: ['delivery-recorded'],
    producers: ['deliver'],
    consumers: ['profile', 'analyze', 'orchestrate'],
    cleanup: 'keep',
  },
  timers: {
    key: 'profileId or workspaceId',
    events: ['timer-fired'],
    producers: ['profile', 'segment', 'score', 'orchestrate'],
    consumers: ['profile', 'segment', 'score', 'orchestrate', 'analyze'],
    cleanup: 'keep',
  },
  erasures: {
    key: 'erasureId',
    events: ['erasure-requested', 'erasure-completed'],
    producers: ['query'],
    consumers: ['query', 'score'],
    cleanup: 'keep',
  },
  'audit-entries': {
    key: 'workspaceId',
    events: ['audit-recorded'],
    producers: ['query'],
    consumers: [],
    cleanup: 'keep',
  },
  'dead-letters': {
    key: 'key of the original record',
    events: [],
    producers: ['resolve', 'profile', 'analyze', 'segment', 'score', 'orchestrate', 'deliver'],
    consumers: [],
    cleanup: 'keep',
  },
} as const satisfies Record<string, TopicDefinition>;

export type TopicName = keyof typeof topics;
export const topicNames = Object.keys(topics) as readonly TopicName[];
