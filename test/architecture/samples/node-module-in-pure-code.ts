// forbidden as: libs/identity/src/sample.ts
// because: A pure library imports @rapport/events and uuid, decimal.js, temporal-polyfill, @noble only: no node: modules, no I/O.
// allowed as: libs/event-log/src/sample.ts
export { readFileSync } from 'node:fs';
