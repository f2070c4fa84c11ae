// forbidden as: libs/profile/src/sample.ts
// because: The environment is read once, in libs/runtime/src/config.
// because: Pure code has no process: it decides, its caller acts.
// allowed as: libs/runtime/src/config/sample.ts
export const zone = process.env.TZ;
