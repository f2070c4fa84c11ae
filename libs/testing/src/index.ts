export { appendTouchpoints, type TouchpointToAppend } from './append-touchpoints.js';
export { dyingAtAppend, type DyingPlatform } from './dying-at-append.js';
export { eventually } from './eventually.js';
export { identityOracle } from './identity-oracle.js';
export { freePort, freePortSettings } from './free-port.js';
export { startServing, type Serving } from './serving.js';
export { startKafkaBroker, whyNoKafkaBroker, type KafkaBroker } from './kafka-broker.js';
export { hasSharedData, referenceFigures, sharedData } from './shared-data.js';
export { temporaryFolder } from './temporary-folder.js';
export { prepareDataFolder } from './prepared-store.js';
export { startTestPlatform, type TestPlatform, type TestPlatformOptions } from './test-platform.js';
export {
  RapportProcess,
  startStandaloneProcess,
  type ProcessOptions,
  type RunningEndpoints,
} from './rapport-process.js';
export { describeUnless } from './describe-unless.js';
export { whyNoContainers } from './containers.js';
export { appendEvent, eventsOf } from './append-event.js';
export { consentRecorded } from './consent-recorded.js';
export { sealedTouchpoint } from './profile-touchpoint.js';
export { caughtUp, runUntilCaughtUp } from './caught-up.js';
export { startTestClickHouse, type TestClickHouse } from './test-clickhouse.js';
export { Identities } from './identities.js';
