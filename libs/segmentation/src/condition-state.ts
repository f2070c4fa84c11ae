/** What is remembered of one event of one person: enough for every condition, and small. Times are event times. */
export interface EventTally {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Tallies by event name. Adding and merging commute, so late and out-of-order touchpoints land where they belong. */
export type ConditionState = Readonly<Record<string, EventTally>>;

export const nothingKnown: ConditionState = {};

export function tallyOf(state: ConditionState, event: string): EventTally | undefined {
  return Object.hasOwn(state, event) ? state[event] : undefined;
}

/** One more occurrence of `event` at `timestamp`. The caller has dropped duplicates. */
export function withOccurrence(state: ConditionState, event: string, timestamp: number): ConditionState {
  return withTally(state, event, { count: 1, firstAt: timestamp, lastAt: timestamp });
}

/** The state of a person who was known as two. */
export function mergeConditions(a: ConditionState, b: ConditionState): ConditionState {
  return Object.entries(b).reduce((merged, [event, tally]) => withTally(merged, event, tally), a);
}

function withTally(state: ConditionState, event: string, added: EventTally): ConditionState {
  const known = tallyOf(state, event);
  const tally =
    known === undefined
      ? added
      : {
          count: known.count + added.count,
          firstAt: Math.min(known.firstAt, added.firstAt),
          lastAt: Math.max(known.lastAt, added.lastAt),
        };
  // A computed key in a literal defines an own property even for `__proto__`, which an assignment would not.
  return { ...state, [event]: tally };
}
