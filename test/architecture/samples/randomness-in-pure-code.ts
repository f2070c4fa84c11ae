// forbidden as: libs/journeys/src/sample.ts
// because: Randomness is an argument in pure code.
// allowed as: services/collect/src/sample.ts
export const inHoldout = Math.random() < 0.1;
