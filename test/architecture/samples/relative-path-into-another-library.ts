// forbidden as: libs/identity/src/sample.ts
// because: Relative import from another package is not allowed
// allowed as: libs/event-log/src/deeper/sample.ts
export { murmur2 } from '../../event-log/src/index.js';
