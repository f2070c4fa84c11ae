import type { JsonValue, OpenedTouchpoint } from '@rapport/events';
import { dayOf } from '../calendar.js';
import { touchpointName, type ComputedTrait, type ProfileRules } from '../rules/profile-rules.js';
import { stampOf } from '../stamp.js';
import { passes } from './passes.js';
import { valuesAt } from './property-values.js';
import { addTallies, tallyOf, valueOfTally, type Tally } from './tally.js';

/**
 * By computed trait, what its value is made of: one tally for all time, or one a calendar day for a window. The newest
 * days are kept, as many as the window has and those a clock that runs ahead may add; no window that ends today or later
 * reaches further back.
 */
export type ComputedState = Readonly<Record<string, Days>>;
type Days = Readonly<Record<string, Tally>>;

/** The day of a tally over all time. */
const allTime = 'all';
/** Event times lie at most a day ahead of the log's, so a day that is not yet begun anywhere. */
const daysAhead = 2;

export function withComputed(rules: ProfileRules, state: ComputedState, touchpoint: OpenedTouchpoint): ComputedState {
  const { type, event, content } = touchpoint;
  const asked = rules.computedOf.get(touchpointName(type, event));
  const anyEvent = event === null ? undefined : rules.computedOf.get(type);
  if (content === undefined || (asked === undefined && anyEvent === undefined)) return state;
  let joined = state;
  for (const trait of [...(asked ?? []), ...(anyEvent ?? [])]) {
    const added = daysOf(trait, rules, touchpoint);
    if (added !== undefined) joined = { ...joined, [trait.name]: addDays(trait, joined[trait.name], added) };
  }
  return joined;
}

/** Both together. The touchpoints that the two were made of must be disjoint: counts are added. */
export function mergeComputed(rules: ProfileRules, a: ComputedState, b: ComputedState): ComputedState {
  let joined = a;
  for (const trait of rules.computed) {
    const added = b[trait.name];
    if (added !== undefined) joined = { ...joined, [trait.name]: addDays(trait, joined[trait.name], added) };
  }
  return joined;
}

/** The computed traits that have a value at `now`, by name. */
export function computedTraitsAt(
  rules: ProfileRules,
  state: ComputedState,
  { workspaceId, now }: { readonly workspaceId: string; readonly now: number },
): Readonly<Record<string, JsonValue>> {
  const today = dayOf(now, rules.timeZoneOf(workspaceId));
  const values = rules.computed.flatMap((trait): readonly (readonly [string, JsonValue])[] => {
    const tallies = Object.entries(state[trait.name] ?? {})
      .filter(
        ([day]) => trait.windowDays === undefined || (Number(day) <= today && Number(day) > today - trait.windowDays),
      )
      .map(([, tally]) => tally);
    const [first, ...others] = tallies;
    if (first === undefined) return trait.function === 'count' ? [[trait.name, 0]] : [];
    const tally = others.reduce((x, y) => addTallies(trait.function, x, y), first);
    return [[trait.name, valueOfTally(trait.function, tally)]];
  });
  return Object.fromEntries(values);
}

function daysOf(trait: ComputedTrait, rules: ProfileRules, touchpoint: OpenedTouchpoint): Days | undefined {
  const { content, workspaceId, timestamp } = touchpoint;
  const said = (trait.type === 'identify' || trait.type === 'group' ? content?.traits : content?.properties) ?? {};
  if (!passes(trait.filters, said)) return undefined;
  const values = trait.property === undefined ? [] : valuesAt(said, trait.property);
  const tally = tallyOf(trait.function, values, stampOf(touchpoint));
  if (tally === undefined) return undefined;
  const day = trait.windowDays === undefined ? allTime : String(dayOf(timestamp, rules.timeZoneOf(workspaceId)));
  return { [day]: tally };
}

function addDays(trait: ComputedTrait, known: Days | undefined, added: Days): Days {
  if (known === undefined) return added;
  const joined = new Map(Object.entries(known));
  for (const [day, tally] of Object.entries(added)) {
    const before = joined.get(day);
    joined.set(day, before === undefined ? tally : addTallies(trait.function, before, tally));
  }
  const limit = (trait.windowDays ?? 1) + daysAhead;
  if (joined.size <= limit) return Object.fromEntries(joined);
  return Object.fromEntries([...joined].sort(([a], [b]) => Number(b) - Number(a)).slice(0, limit));
}
