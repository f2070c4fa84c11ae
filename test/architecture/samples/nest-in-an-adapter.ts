// forbidden as: libs/profile-db/src/sample.ts
// forbidden as: libs/analytics-db/src/embedded/sample.ts
// forbidden as: libs/event-log/src/lmdb/sample.ts
// because: Only libs/runtime and the services know Nest.
// allowed as: libs/runtime/src/sample.ts
// allowed as: services/collect/src/sample.ts
export { Module } from '@nestjs/common';
