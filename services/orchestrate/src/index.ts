export { loadJourneys } from './load-journeys.js';
export { orchestrateConsumer } from './orchestrate.consumer.js';
export { OrchestrateModule } from './orchestrate.module.js';
export { rebuildJourneysConsumer } from './rebuild-journeys.consumer.js';
