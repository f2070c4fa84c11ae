// forbidden as: libs/profile/src/sample.ts
// because: A pure library imports @rapport/events and the npm packages listed here only: no node: modules, no I/O.
// allowed as: libs/profile/src/sample.spec.ts
export { default } from 'fast-check';
