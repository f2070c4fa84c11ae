export {
  duplicatesFrom,
  valuesOf,
  type DuplicatesDefinition,
  type DuplicatesFile,
} from './duplicates/duplicates-definition.js';
export { findDuplicates, type DuplicatePair, type DuplicateReport } from './duplicates/find-duplicates.js';
export type { DuplicateRecord, DuplicateRules, FieldKind, FieldRule, KeyRule } from './duplicates/duplicate-rules.js';
export type { FieldEvidence } from './duplicates/match-model.js';
export { identifierOf, type Identifier } from './identifier.js';
export { identifiersOf, usableValue, type LinkStrength, type NamedIdentifier } from './identifiers.js';
export { formsOf, plainIdentifiersIn } from './plain-identifiers.js';
export {
  toLogEvent,
  type Cause,
  type IdentityEvent,
  type IdentityRecord,
  type LinkReason,
  type RefusalReason,
} from './identity-events.js';
export {
  isShared,
  linkKey,
  pairOf,
  type Decision,
  type LinkPair,
  type StoredIdentifier,
  type StoredLink,
} from './graph-parts.js';
export type { CausedEvent, Changes } from './graph-changes.js';
export type { GraphIdentifier, GraphLink, IdentityGraph, Observation, Ruling, Sighting } from './identity-graph.js';
export { resolveObservations, type GraphReader } from './resolve-graph.js';
export {
  externalType,
  isKnownType,
  ruleOf,
  type IdentifierPlace,
  type IdentifierRule,
  type IdentityRules,
} from './rules.js';
export { identityFaults, identityRules, type IdentityDocument, type IdentityRulesFault } from './rules-document.js';
