export {
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
  preferenceChangesOf,
  settling,
  type ConsentChange,
  type ConsentStatement,
  type PreferenceChange,
  type PreferenceStatement,
} from './consent/statement.js';
export { evolveBy, type LogPosition, type ProfileFact } from './evolve.js';
export { mergeBy } from './merge.js';
export { amountOf, currencyOf } from './money.js';
export {
  figuresOf,
  mergeOrders,
  noOrder,
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
export { storableJson, storableLines, storableText } from './storable.js';
export { computedTraitsAt, type ComputedState } from './computed/computed-state.js';
export { importantDates, type ImportantDate } from './important-dates.js';
export { stageHistory, statusOf, type StagePeriod } from './lifecycle/evaluate-stage.js';
export {
  newestMoments,
  type LifecycleFacts,
  type OrderTime,
  type SubscriptionMoment,
} from './lifecycle/lifecycle-facts.js';
export { lifecycleChange, type LifecycleChange } from './lifecycle/with-lifecycle.js';
export { nextQuestion, type OpenQuestion } from './questions.js';
export { preferred } from './relationship/engagement.js';
export { feedbackKinds, type Relationship } from './relationship/relationship.js';
export type { ProfileFile } from './rules/definition.js';
export { rulesFaultsOf, type RulesFault } from './rules/check-rules.js';
export { noRules, profileRulesFrom, type ProfileRules, type Question } from './rules/profile-rules.js';
export { searchKeysOf, searchText, type SearchKey } from './search-keys.js';
export { traitColumns, traitsOfColumns, type TraitColumns, type TraitStamp } from './trait-columns.js';
export { joinTraits, traitsSaid } from './traits.js';
