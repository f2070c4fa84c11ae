export { loadJourneys } from './load-journeys.js';
export { orchestrateConsumer, orchestrateConsumerOf } from './orchestrate.consumer.js';
export { OrchestrateModule } from './orchestrate.module.js';
export { rebuildJourneysConsumer } from './rebuild-journeys.consumer.js';
