// forbidden as: libs/events/src/sample.ts
// because: Pure code has no fetch: it decides, its caller acts.
// allowed as: services/deliver/src/sample.ts
export const answer = fetch('https://example.org');
