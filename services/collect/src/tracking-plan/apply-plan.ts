import type { AcceptedTouchpoint, Rejection } from '@rapport/events';
import type { TrackingPlanPolicy } from '@rapport/runtime';
import type { CheckPlan } from './tracking-plan.js';

/** Lets a touchpoint through, marked where it breaks the plan, or refuses it, as its source wants it. */
export type ApplyPlan = (accepted: AcceptedTouchpoint) => AcceptedTouchpoint | Rejection;

export function createApplyPlan(check: CheckPlan, policy: TrackingPlanPolicy): ApplyPlan {
  if (policy.violations === 'allow' && policy.unplanned === 'allow') return (accepted) => accepted;
  return (accepted) => {
    const violations = check(accepted).filter(({ rule }) => wayOf(rule, policy) !== 'allow');
    if (violations.length === 0) return accepted;
    const refused = violations.filter(({ rule }) => wayOf(rule, policy) === 'reject');
    if (refused.length > 0) {
      const detail = `${refused.map((violation) => violation.detail).join('; ')} (tracking plan)`;
      return { reason: 'plan-violation', detail };
    }
    const flags = violations.map(({ rule }) => `violation:${rule}` as const);
    return { ...accepted, flags: [...accepted.flags, ...flags] };
  };
}

function wayOf(rule: string, { violations, unplanned }: TrackingPlanPolicy): TrackingPlanPolicy['violations'] {
  return rule === 'unplanned' ? unplanned : violations;
}
