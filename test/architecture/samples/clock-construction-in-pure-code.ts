// forbidden as: libs/journeys/src/steps/sample.ts
// because: Time is an argument in pure code: new Date() reads the clock.
// allowed as: libs/journeys/src/sample.spec.ts
export const decidedAt = new Date();
