export {
  conditionFrom,
  eventsUsedBy,
  segmentFrom,
  type Condition,
  type ConditionInFile,
  type SegmentDefinition,
  type SegmentFile,
} from './definition.js';
export { faultsOf, type Fault } from './check-definitions.js';
export {
  mergeConditions,
  nothingKnown,
  withOccurrence,
  type ConditionState,
  type EventTally,
} from './condition-state.js';
export { evaluate, type Evaluation } from './evaluate.js';
export {
  decide,
  evolve,
  initialState,
  mergeParts,
  type SegmentEvent,
  type SegmentInput,
  type SegmentedPerson,
} from './person.js';
export { compileToClickHouse, type ClickHouseQuery } from './compile-to-clickhouse.js';
