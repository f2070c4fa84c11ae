// forbidden as: libs/segmentation/src/sample.ts
// because: Elapsed time is an argument in pure code.
// allowed as: services/segment/src/sample.ts
export const startedAt = performance.now();
