// forbidden as: services/collect/src/sample.ts
// forbidden as: libs/event-log/src/kafka/sample.ts
// forbidden as: services/standalone/src/sample.ts
// because: The environment is read once, in libs/runtime/src/config.
// allowed as: libs/runtime/src/config/sample.ts
export const brokers = process.env['RAPPORT_KAFKA_BROKERS'];
