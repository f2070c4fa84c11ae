// forbidden as: services/collect/src/sample.ts
// forbidden as: libs/runtime/src/sample.ts
// forbidden as: libs/event-log/src/sample.ts
// forbidden as: libs/event-log/src/kafka/sample.ts
// because: A service never imports another service; only services/standalone composes them.
// allowed as: services/standalone/src/sample.ts
// allowed as: services/collect/src/sample.e2e.spec.ts
export { ResolveModule } from '@rapport/service-resolve';
