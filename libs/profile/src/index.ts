export { consentChangeOf, consentEvents, consentName, type ConsentChange } from './consents.js';
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
