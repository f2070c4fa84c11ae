// forbidden as: services/collect/src/sample.ts
// forbidden as: libs/runtime/src/sample.ts
// because: Import a library by its name: each has one explicit index.ts.
// allowed as: test/scenarios/sample.ts
export type { SubjectVault } from '@rapport/event-log/src/port/subject-vault.js';
