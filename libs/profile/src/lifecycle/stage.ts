import { parseDuration } from '@rapport/events';
import type { StageConditionInFile, StageInFile, SubscriptionStatus } from '../rules/definition.js';

/** A stage of the relationship with one person. */
export interface Stage {
  readonly id: string;
  /** Why a person is in it, in words. */
  readonly because: string;
  readonly when: StageCondition;
}

/**
 * What must hold of a person.
 * - `orders`: at least so many are known
 * - `first-order`, `last-order`: its time lies later than `now - withinMs`; does not hold without an order
 * - `returned-after`: the newest order came at least so long after the one before it
 */
export type StageCondition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly StageCondition[] }
  | { readonly kind: 'not'; readonly of: StageCondition }
  | { readonly kind: 'identified' }
  | { readonly kind: 'performed'; readonly events: readonly string[] }
  | { readonly kind: 'orders'; readonly atLeast: number }
  | { readonly kind: 'first-order' | 'last-order'; readonly withinMs: number }
  | { readonly kind: 'returned-after'; readonly gapMs: number }
  | { readonly kind: 'subscription'; readonly status: SubscriptionStatus };

export function stageFrom({ id, because, when }: StageInFile): Stage {
  return { id, because, when: conditionFrom(when) };
}

function conditionFrom(condition: StageConditionInFile): StageCondition {
  if ('all' in condition) return { kind: 'all', of: condition.all.map(conditionFrom) };
  if ('any' in condition) return { kind: 'any', of: condition.any.map(conditionFrom) };
  if ('not' in condition) return { kind: 'not', of: conditionFrom(condition.not) };
  if ('identified' in condition) return { kind: 'identified' };
  if ('performed' in condition) return { kind: 'performed', events: [condition.performed].flat() };
  if ('orders' in condition) return { kind: 'orders', atLeast: condition.orders.at_least };
  if ('first_order' in condition) return orderPeriod('first-order', condition.first_order);
  if ('last_order' in condition) return orderPeriod('last-order', condition.last_order);
  if ('returned_after' in condition) return { kind: 'returned-after', gapMs: parseDuration(condition.returned_after) };
  return { kind: 'subscription', status: condition.subscription };
}

/** "Not within" is said of somebody who has ordered: who never did is in no such stage. */
function orderPeriod(
  kind: 'first-order' | 'last-order',
  period: { readonly within: string } | { readonly not_within: string },
): StageCondition {
  if ('within' in period) return { kind, withinMs: parseDuration(period.within) };
  const recent: StageCondition = { kind, withinMs: parseDuration(period.not_within) };
  return {
    kind: 'all',
    of: [
      { kind: 'orders', atLeast: 1 },
      { kind: 'not', of: recent },
    ],
  };
}
