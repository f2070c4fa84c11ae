// forbidden as: services/resolve/src/sample.ts
// forbidden as: services/standalone/src/sample.ts
// forbidden as: libs/runtime/src/sample.ts
// forbidden as: libs/analytics-db/src/sample.ts
// because: chdb is known in libs/analytics-db/src/embedded only; everybody else uses the port.
// allowed as: libs/analytics-db/src/embedded/sample.ts
export { default } from 'chdb';
