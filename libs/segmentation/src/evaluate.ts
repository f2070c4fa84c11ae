import { tallyOf, type ConditionState } from './condition-state.js';
import type { Condition } from './definition.js';

export interface Evaluation {
  readonly member: boolean;
  /** The earliest time at which the passing of time alone may change the answer; `undefined` when it never does. */
  readonly nextChangeAt: number | undefined;
}

/**
 * Whether the condition holds of a person at `now`. Laws: an empty `all` holds, an empty `any` does not, what is not
 * known was not done, and nothing changes before `nextChangeAt` unless the state does.
 */
export function evaluate(condition: Condition, state: ConditionState, now: number): Evaluation {
  switch (condition.kind) {
    case 'all':
      return combine(condition.of, state, now, (members) => members.every(Boolean));
    case 'any':
      return combine(condition.of, state, now, (members) => members.some(Boolean));
    case 'not': {
      const { member, nextChangeAt } = evaluate(condition.of, state, now);
      return { member: !member, nextChangeAt };
    }
    case 'performed': {
      const count = tallyOf(state, condition.event)?.count ?? 0;
      return { member: count >= condition.atLeast && count <= condition.atMost, nextChangeAt: undefined };
    }
    case 'performed-within': {
      const tally = tallyOf(state, condition.event);
      if (tally === undefined) return { member: false, nextChangeAt: undefined };
      const endsAt = tally.lastAt + condition.withinMs;
      return endsAt > now ? { member: true, nextChangeAt: endsAt } : { member: false, nextChangeAt: undefined };
    }
  }
}

function combine(
  conditions: readonly Condition[],
  state: ConditionState,
  now: number,
  holds: (members: readonly boolean[]) => boolean,
): Evaluation {
  const evaluations = conditions.map((condition) => evaluate(condition, state, now));
  const changes = evaluations.flatMap(({ nextChangeAt }) => (nextChangeAt === undefined ? [] : [nextChangeAt]));
  return {
    member: holds(evaluations.map(({ member }) => member)),
    nextChangeAt: changes.length === 0 ? undefined : Math.min(...changes),
  };
}
