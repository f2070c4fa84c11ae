import { compareStamps, withNewest, newestOf, type Stamped } from '../stamp.js';

/** Orders that a profile keeps the times of, newest; the orders themselves are rows of their own. */
const maxOrderTimes = 20;
const maxSubscriptionMoments = 20;

/** Something that happened to a subscription. */
export interface SubscriptionMoment extends Stamped {
  readonly id: string;
  readonly kind: 'started' | 'renewed' | 'payment-failed' | 'cancelled';
  readonly plan?: string;
  /** Milliseconds since the epoch. */
  readonly renewsAt?: number;
  readonly reason?: string;
  readonly voluntary?: boolean;
}

/** An order and its event time. */
export type OrderTime = readonly [orderId: string, orderedAt: number];

/** What the lifecycle stage is decided by. Each part only ever grows, so any order and grouping of facts gives the same. */
export interface LifecycleFacts {
  /** Event time at which the person was first known by more than a device. */
  readonly identifiedAt?: number;
  /** By event that a stage asks for: when it was first done. */
  readonly performed?: Readonly<Record<string, number>>;
  /** Newest first. Of an order sent twice, the later time. */
  readonly orders?: readonly OrderTime[];
  /** Newest first. */
  readonly subscriptions?: readonly SubscriptionMoment[];
}

export function withIdentified(facts: LifecycleFacts, at: number): LifecycleFacts {
  return facts.identifiedAt !== undefined && facts.identifiedAt <= at ? facts : { ...facts, identifiedAt: at };
}

export function withPerformed(facts: LifecycleFacts, event: string, at: number): LifecycleFacts {
  const known = facts.performed?.[event];
  if (known !== undefined && known <= at) return facts;
  return { ...facts, performed: { ...facts.performed, [event]: at } };
}

export function withOrder(facts: LifecycleFacts, order: OrderTime): LifecycleFacts {
  const known = facts.orders ?? [];
  const orders = withOrderTime(known, order);
  return orders === known ? facts : { ...facts, orders };
}

export function withSubscriptionMoment(facts: LifecycleFacts, moment: SubscriptionMoment): LifecycleFacts {
  return { ...facts, subscriptions: withNewest(facts.subscriptions ?? [], moment, maxSubscriptionMoments) };
}

export function mergeLifecycleFacts(a: LifecycleFacts, b: LifecycleFacts): LifecycleFacts {
  let joined = a;
  if (b.identifiedAt !== undefined) joined = withIdentified(joined, b.identifiedAt);
  for (const [event, at] of Object.entries(b.performed ?? {})) joined = withPerformed(joined, event, at);
  for (const order of b.orders ?? []) joined = withOrder(joined, order);
  if (b.subscriptions === undefined) return joined;
  return { ...joined, subscriptions: newestOf(joined.subscriptions ?? [], b.subscriptions, maxSubscriptionMoments) };
}

/** The facts that had happened by `time`. */
export function factsUntil(facts: LifecycleFacts, time: number): LifecycleFacts {
  const { identifiedAt, performed = {}, orders = [], subscriptions = [] } = facts;
  return {
    ...(identifiedAt !== undefined && identifiedAt <= time ? { identifiedAt } : {}),
    performed: Object.fromEntries(Object.entries(performed).filter(([, at]) => at <= time)),
    orders: orders.filter(([, at]) => at <= time),
    subscriptions: subscriptions.filter(({ at }) => at[0] <= time),
  };
}

/** The times at which something happened, each once, earliest first. */
export function timesOf({
  identifiedAt,
  performed = {},
  orders = [],
  subscriptions = [],
}: LifecycleFacts): readonly number[] {
  const times = [
    ...(identifiedAt === undefined ? [] : [identifiedAt]),
    ...Object.values(performed),
    ...orders.map(([, at]) => at),
    ...subscriptions.map(({ at }) => at[0]),
  ];
  return [...new Set(times)].sort((a, b) => a - b);
}

function withOrderTime(known: readonly OrderTime[], order: OrderTime): readonly OrderTime[] {
  const [id, at] = order;
  const same = known.find(([other]) => other === id);
  if (same && same[1] >= at) return known;
  const oldest = known.at(-1);
  if (!same && known.length >= maxOrderTimes && oldest && newestFirst(oldest, order) < 0) return known;
  return [...known.filter((other) => other !== same), order].sort(newestFirst).slice(0, maxOrderTimes);
}

/** Then by id, so that what is left out does not depend on the order of joining. */
function newestFirst([aId, a]: OrderTime, [bId, b]: OrderTime): number {
  return b - a || (aId < bId ? -1 : 1);
}

/** Newest moment of each subscription, newest first. */
export function newestMoments(subscriptions: readonly SubscriptionMoment[]): readonly SubscriptionMoment[] {
  const newest = new Map<string, SubscriptionMoment>();
  for (const moment of subscriptions) if (!newest.has(moment.id)) newest.set(moment.id, moment);
  return [...newest.values()].sort((a, b) => compareStamps(b.at, a.at));
}
