// forbidden as: libs/journeys/src/sample.ts
// because: Pure code has no setTimeout: it decides, its caller acts.
// allowed as: services/orchestrate/src/sample.ts
export const timer = setTimeout(() => undefined);
