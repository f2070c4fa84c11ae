// forbidden as: libs/identity/src/sample.ts
// because: A pure library imports @rapport/events and the npm packages listed here only: no node: modules, no I/O.
// allowed as: libs/event-log/src/sample.ts
export { readFileSync } from 'node:fs';
