// forbidden as: services/deliver/src/sample.ts
// because: new Date() reads the clock: time comes from platform.clock(), or from the log.
// allowed as: services/deliver/src/sample.spec.ts
export const sentAt = new Date();
