// forbidden as: libs/scoring/src/sample.ts
// because: Time is an argument in pure code.
// allowed as: libs/scoring/src/sample.spec.ts
export const scoredAt = Date.now();
