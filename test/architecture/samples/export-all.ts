// forbidden as: libs/events/src/index.ts
// forbidden as: libs/event-log/src/index.ts
// forbidden as: services/collect/src/index.ts
// forbidden as: test/scenarios/index.ts
// because: One explicit index.ts per library: name what you export.
export * from './sample.js';
