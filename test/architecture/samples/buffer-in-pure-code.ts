// forbidden as: libs/events/src/sample.ts
// because: Pure code has no Buffer: it decides, its caller acts.
// allowed as: libs/event-log/src/sample.ts
export const bytes = Buffer.alloc(1);
