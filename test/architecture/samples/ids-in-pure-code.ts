// forbidden as: libs/identity/src/sample.ts
// because: Ids are arguments in pure code.
// allowed as: services/collect/src/sample.ts
export const messageId = crypto.randomUUID();
