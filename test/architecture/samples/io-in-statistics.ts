// forbidden as: services/query/src/statistics/sample.ts
// because: Statistics import decimal.js, ml-matrix, @stdlib only: no node: modules, no I/O.
// allowed as: services/query/src/statistics/sample.spec.ts
export { readFileSync } from 'node:fs';
