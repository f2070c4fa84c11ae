// forbidden as: libs/scoring/src/sample.ts
// because: A pure library imports @rapport/events and the npm packages listed here only: no node: modules, no I/O.
// allowed as: services/score/src/sample.ts
export type { EventLog } from '@rapport/event-log';
