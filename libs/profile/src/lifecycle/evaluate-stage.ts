import type { SubscriptionStatus } from '../rules/definition.js';
import { factsUntil, newestMoments, timesOf, type LifecycleFacts, type SubscriptionMoment } from './lifecycle-facts.js';
import type { Stage, StageCondition } from './stage.js';

export interface StageNow {
  readonly stage: string;
  /** The earliest time at which the passing of time alone may change it; `null` when it never does. */
  readonly dueAt: number | null;
}

interface Evaluation {
  readonly holds: boolean;
  readonly dueAt: number;
}

/**
 * The first stage that holds at `now`, by what had happened by then; `undefined` where none does. Law: nothing changes
 * before `dueAt` unless the facts do.
 */
export function stageAt(
  stages: readonly Stage[],
  facts: LifecycleFacts,
  now: number,
  times: readonly number[] = timesOf(facts),
): StageNow | undefined {
  const nextFact = times.find((time) => time > now) ?? Infinity;
  const known = nextFact === Infinity ? facts : factsUntil(facts, now);
  let dueAt = nextFact;
  for (const { id, when } of stages) {
    const evaluation = evaluate(when, known, now);
    dueAt = Math.min(dueAt, evaluation.dueAt);
    if (evaluation.holds) return { stage: id, dueAt: dueAt === Infinity ? null : dueAt };
  }
  return undefined;
}

/** A stage a person was in, and since when. */
export interface StagePeriod {
  readonly stage: string;
  readonly because: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * The stages a person went through until `now`, oldest first: what the definitions say of the facts as they are known
 * today, so that a touchpoint that comes late corrects the past.
 */
export function stageHistory(
  stages: readonly Stage[],
  facts: LifecycleFacts,
  { firstSeenAt, now }: { readonly firstSeenAt: number; readonly now: number },
): readonly StagePeriod[] {
  const reasons = new Map(stages.map(({ id, because }) => [id, because]));
  const periods: StagePeriod[] = [];
  const times = timesOf(facts);
  for (let time = Math.min(firstSeenAt, times[0] ?? firstSeenAt); time <= now;) {
    const found = stageAt(stages, facts, time, times);
    if (found && found.stage !== periods.at(-1)?.stage) {
      periods.push({ stage: found.stage, because: reasons.get(found.stage) ?? '', since: time });
    }
    const next = found ? found.dueAt : (times.find((at) => at > time) ?? null);
    if (next === null) break;
    time = next;
  }
  return periods;
}

function evaluate(condition: StageCondition, facts: LifecycleFacts, now: number): Evaluation {
  switch (condition.kind) {
    case 'all':
      return combine(condition.of, facts, now, (parts) => parts.every(isHolding));
    case 'any':
      return combine(condition.of, facts, now, (parts) => parts.some(isHolding));
    case 'not': {
      const { holds, dueAt } = evaluate(condition.of, facts, now);
      return { holds: !holds, dueAt };
    }
    case 'first-order':
    case 'last-order':
      return within(orderTime(condition.kind, facts), condition.withinMs, now);
    default:
      return { holds: holdsOf(condition, facts), dueAt: Infinity };
  }
}

/**
 * One part is enough to end an `all` that holds, or an `any` that does not. The other way round every part that stands
 * against it must change first.
 */
function combine(
  conditions: readonly StageCondition[],
  facts: LifecycleFacts,
  now: number,
  holdsOf: (parts: readonly Evaluation[]) => boolean,
): Evaluation {
  const parts = conditions.map((part) => evaluate(part, facts, now));
  const holds = holdsOf(parts);
  const against = parts.filter((part) => part.holds !== holdsOf([]));
  const dueAt =
    against.length === 0
      ? Math.min(Infinity, ...parts.map((part) => part.dueAt))
      : Math.max(...against.map((part) => part.dueAt));
  return { holds, dueAt };
}

type Timeless = Exclude<StageCondition, { kind: 'all' | 'any' | 'not' | 'first-order' | 'last-order' }>;

function holdsOf(
  condition: Timeless,
  { identifiedAt, performed, orders = [], subscriptions = [] }: LifecycleFacts,
): boolean {
  switch (condition.kind) {
    case 'identified':
      return identifiedAt !== undefined;
    case 'performed':
      return condition.events.some((event) => performed?.[event] !== undefined);
    case 'orders':
      return orders.length >= condition.atLeast;
    case 'returned-after': {
      const [newest, before] = orders;
      return newest !== undefined && before !== undefined && newest[1] - before[1] >= condition.gapMs;
    }
    case 'subscription':
      return subscriptionStatus(subscriptions) === condition.status;
  }
}

/** Of several subscriptions the best one counts. */
function subscriptionStatus(moments: readonly SubscriptionMoment[]): SubscriptionStatus | undefined {
  const statuses = newestMoments(moments).map(statusOf);
  return (['active', 'past-due', 'cancelled'] as const).find((status) => statuses.includes(status));
}

export function statusOf({ kind }: SubscriptionMoment): SubscriptionStatus {
  if (kind === 'cancelled') return 'cancelled';
  return kind === 'payment-failed' ? 'past-due' : 'active';
}

function orderTime(which: 'first-order' | 'last-order', { orders = [] }: LifecycleFacts): number | undefined {
  return (which === 'last-order' ? orders[0] : orders.at(-1))?.[1];
}

function within(time: number | undefined, withinMs: number, now: number): Evaluation {
  if (time === undefined) return { holds: false, dueAt: Infinity };
  const endsAt = time + withinMs;
  return endsAt > now ? { holds: true, dueAt: endsAt } : { holds: false, dueAt: Infinity };
}

function isHolding({ holds }: Evaluation): boolean {
  return holds;
}
