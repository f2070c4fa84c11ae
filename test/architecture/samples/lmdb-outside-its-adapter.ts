// forbidden as: services/resolve/src/sample.ts
// forbidden as: services/standalone/src/sample.ts
// forbidden as: libs/runtime/src/sample.ts
// forbidden as: libs/event-log/src/kafka/sample.ts
// because: lmdb is known in libs/event-log/src/lmdb only; everybody else uses the port.
// allowed as: libs/event-log/src/lmdb/sample.ts
export { default } from 'lmdb';
