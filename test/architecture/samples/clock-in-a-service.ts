// forbidden as: services/orchestrate/src/orchestrate.consumer.ts
// because: Time comes from platform.clock(), or from the log.
// allowed as: services/standalone/src/sample.ts
// allowed as: libs/runtime/src/platform/sample.ts
export const now = Date.now();
