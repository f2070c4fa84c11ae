export {
  duplicatesFrom,
  valuesOf,
  type DuplicatesDefinition,
  type DuplicatesFile,
} from './duplicates/duplicates-definition.js';
export { findDuplicates, type DuplicatePair, type DuplicateReport } from './duplicates/find-duplicates.js';
export type { DuplicateRecord, DuplicateRules, FieldKind, FieldRule, KeyRule } from './duplicates/duplicate-rules.js';
export type { FieldEvidence } from './duplicates/match-model.js';
export { decide, loneProfile, resolveIdentifiers, type IdentityCommand, type LinkableIdentifier } from './decide.js';
export { identifiersOf, type LinkStrength, type NamedIdentifier } from './identifiers.js';
export {
  toLogEvent,
  type Cause,
  type IdentityEvent,
  type IdentityRecord,
  type MergeReason,
} from './identity-events.js';
export {
  evolve,
  identifierOf,
  IdentityGraph,
  refusalKey,
  type Identifier,
  type RootProfile,
} from './identity-graph.js';
export { isBlocked, rulesV1, type IdentifierRule, type IdentityRules } from './rules.js';
