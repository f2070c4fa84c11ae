export { faultsOf, type Fault } from './check-definitions.js';
export {
  eventsUsedBy,
  journeyFrom,
  segmentsUsedBy,
  type Channel,
  type JourneyDefinition,
  type JourneyFile,
  type Step,
} from './definition.js';
export { decide, type Facts } from './decide.js';
export { evolve, mergeParts } from './evolve.js';
export { recall, type RecordedDecision } from './recall.js';
export {
  initialState,
  type Consent,
  type ContactRefusal,
  type JourneyEvent,
  type JourneyInput,
  type JourneyInstance,
  type JourneyPerson,
  type Preference,
  type SentMessage,
  type WithheldReason,
} from './person.js';
