export {
  basisOf,
  consentFaults,
  consentPolicyFrom,
  lawfulBases,
  type ConsentFile,
  type ConsentPolicy,
  type Frequency,
  type LawfulBasis,
  type Purpose,
} from './consent/policy.js';
export {
  frequencyOf,
  isPromotional,
  pausedUntil,
  refusalOf,
  type ContactMemory,
  type Refusal,
} from './consent/refusal.js';
export { preferencesOf, statementsOf } from './consent/remembered.js';
export { standingOf, type ConsentStanding, type Standing } from './consent/standing.js';
export {
  consentChangeOf,
  consentEvents,
  consentName,
  preferenceChangesOf,
  preferenceName,
  settling,
  type ConsentChange,
  type ConsentStatement,
  type PreferenceChange,
  type PreferenceStatement,
} from './consent/statement.js';
export { evolve, type LogPosition, type ProfileFact } from './evolve.js';
export { merge } from './merge.js';
export { amountOf, currencyOf } from './money.js';
export {
  figuresOf,
  mergeOrders,
  noOrder,
  orderEvents,
  orderOf,
  type OrderFact,
  type OrderFigures,
  type OrderOfTouchpoint,
  type OrderState,
} from './orders.js';
export {
  initialState,
  type ConsentState,
  type PreferenceState,
  type Membership,
  type ProfileState,
  type RecentDelivery,
  type RecentTouchpoint,
  type Score,
  type SeenIdentifier,
  type Trait,
} from './profile-state.js';
export { compareStamps, type Stamp } from './stamp.js';
export { storableJson, storableText } from './storable.js';
