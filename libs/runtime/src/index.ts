export { ConsumerModule, type ConsumerFactory } from './consumer/consumer.module.js';
export {
  RetriableError,
  type BatchResult,
  type InputRecord,
  type Outcome,
  type Output,
  type StatefulConsumer,
  type TokenizedConsumer,
} from './consumer/consumer.js';
export {
  ApiKeys,
  bearerOf,
  mayDo,
  type ApiKeysParts,
  type ApiScope,
  type KeyHolder,
  type NewApiKey,
} from './access/api-keys.js';
export { caughtUpWith } from './consumer/caught-up-with.js';
export {
  createPreferenceTokens,
  linkLifetimeMs,
  type PreferenceLink,
  type PreferenceTokens,
} from './links/preference-token.js';
export { describeError, runConsumer, type Consumer } from './consumer/run-consumer.js';
export { DefinitionError, type DefinitionFault } from './definitions/definition-error.js';
export { loadConsentPolicy } from './definitions/consent-policy.js';
export { loadDefinition, loadDefinitions, type Definition } from './definitions/load-definitions.js';
export { loadIdentityRules } from './definitions/load-identity-rules.js';
export { loadProfileRules } from './definitions/profile-rules.js';
export { loadWorkspaces, type Source, type TrackingPlanPolicy, type Workspace } from './definitions/workspaces.js';
export type { RapportConfig } from './config/config.js';
export { createLogger } from './observability/logger.js';
export { PLATFORM, type Platform } from './platform/platform.js';
export { completeErasure, registerErasure } from './erasure/known-erasures.js';
export { type ChainReport } from './audit/audit-chain.js';
export type { AuditEntry, AuditLog } from './audit/audit-log.js';
export { verifyAudit } from './audit/read-audit.js';
export { peopleOfEventAndWhoStays } from './erasure/people-of-event.js';
export { withKeyWork } from './erasure/key-work.js';
export { fireDueTimers } from './timers/fire-due-timers.js';
export { TimerModule } from './timers/timer.module.js';
export { cancelTimers, scheduleTimers, type Timer } from './timers/timers.js';
export { ConfigError, loadConfig, loadConfigOf, loadFolders } from './config/load-config.js';
export { addMasterKey, forgetOlderMasterKeys } from './config/secrets.js';
export { createApp, type ServiceModule } from './http/create-app.js';
export type { Operation } from './http/describe-raw-routes.js';
export type { HealthChecks, HealthReport } from './observability/health-checks.js';
export { createPlatform, type ClosablePlatform } from './platform/create-platform.js';
export { PlatformModule } from './platform/platform.module.js';
export { runService, startApp, stopOnSignal, type AppOptions, type RunningApp } from './run-service.js';
export {
  enterPostgresShadow,
  enterShadow,
  openPostgresShadow,
  onShadow,
  shadowSchema,
} from './replay/postgres-shadow.js';
export { buildInThread, type ThreadProjection } from './replay/build-in-thread.js';
export type { BuildingThread } from './replay/threaded-builder.js';
export { rebuild, type ComparedTable, type Rebuilt, type RebuildOptions } from './replay/rebuild.js';
export { holdLive } from './replay/hold-live.js';
export { readPostgresState, type ReadState } from './replay/read-state.js';
export type { EnterShadow, Shadow } from './replay/shadow.js';
