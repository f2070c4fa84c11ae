import { mergeConditions, nothingKnown, tallyOf, withOccurrence, type ConditionState } from './condition-state.js';
import { eventsOf, type SegmentDefinition } from './definition.js';
import { evaluate } from './evaluate.js';

/** What segmentation remembers of one person. */
export interface SegmentedPerson {
  /**
   * The latest log time seen of this person, milliseconds. Topics are read side by side, so an input may carry an
   * earlier time than one before it; a person's clock never goes back, or a window would open again that has closed.
   */
  readonly clock: number;
  readonly conditions: ConditionState;
  /** Ids of the segments this person is in, sorted. */
  readonly memberships: readonly string[];
}

export type SegmentInput =
  | {
      readonly kind: 'performed';
      readonly event: string;
      /** Event time. */
      readonly timestamp: number;
      readonly receivedAt: number;
      readonly messageId: string;
      readonly imported: boolean;
    }
  | {
      readonly kind: 'timer-fired';
      readonly segmentId: string;
      readonly timerId: string;
      readonly dueAt: number;
      readonly firedAt: number;
    }
  | {
      /** Profiles were merged or split: what is known of this person was put together anew from its lone profiles. */
      readonly kind: 'rearranged';
      readonly clock: number;
      readonly conditions: ConditionState;
      /**
       * The segments that each of the persons joined here was told to be in; `undefined` after a split, when what was
       * told of one of them may be wrong for either, and all is told again.
       */
      readonly told: readonly (readonly string[])[] | undefined;
      readonly timestamp: number;
      readonly messageId: string;
    };

export type SegmentEvent =
  | {
      readonly kind: 'entered' | 'exited';
      readonly segmentId: string;
      readonly timestamp: number;
      readonly decidedAt: number;
      readonly causeId: string;
      readonly imported: boolean;
      /** Nobody did anything: the person was merged or split. */
      readonly rearranged: boolean;
    }
  | { readonly kind: 'timer-set'; readonly segmentId: string; readonly dueAt: number };

export const initialState: SegmentedPerson = { clock: 0, conditions: nothingKnown, memberships: [] };

/** The memberships that begin or end by this input, in the order of the definitions, and the timers to set. */
export function decide(
  definitions: readonly SegmentDefinition[],
  state: SegmentedPerson,
  input: SegmentInput,
): readonly SegmentEvent[] {
  const person = evolve(state, input);
  const defined = new Set(definitions.map(({ id }) => id));
  const gone = person.memberships.filter((id) => !defined.has(id)).map((id) => change('exited', id, person, input));
  return [...gone, ...definitions.flatMap((definition) => decideSegment(definition, { state, person, input }))];
}

interface Situation {
  readonly state: SegmentedPerson;
  /** State after the input. */
  readonly person: SegmentedPerson;
  readonly input: SegmentInput;
}

function decideSegment(definition: SegmentDefinition, situation: Situation): readonly SegmentEvent[] {
  const { state, person, input } = situation;
  const { member, nextChangeAt } = evaluate(definition.when, person.conditions, person.clock);
  const events: SegmentEvent[] = [];
  if (isToTell(definition, member, situation)) {
    events.push(change(member ? 'entered' : 'exited', definition.id, person, input));
  }
  if (nextChangeAt === undefined) return events;
  // Where the next change was as near before, a timer is pending that is due no later; when it fires, the next one is
  // set. So a busy customer costs one timer a window, not one a touchpoint.
  const before = input.kind === 'performed' ? evaluate(definition.when, state.conditions, state.clock) : undefined;
  if (before?.nextChangeAt === undefined || before.nextChangeAt > nextChangeAt) {
    events.push({ kind: 'timer-set', segmentId: definition.id, dueAt: nextChangeAt });
  }
  return events;
}

function isToTell({ id, when }: SegmentDefinition, member: boolean, { person, input }: Situation): boolean {
  if (input.kind !== 'rearranged') return member !== person.memberships.includes(id);
  if (input.told !== undefined) return input.told.some((told) => told.includes(id) !== member);
  return member || [...eventsOf(when)].some((event) => tallyOf(person.conditions, event) !== undefined);
}

function change(
  kind: 'entered' | 'exited',
  segmentId: string,
  person: SegmentedPerson,
  input: SegmentInput,
): SegmentEvent {
  return { kind, segmentId, decidedAt: person.clock, rearranged: input.kind === 'rearranged', ...causeOf(input) };
}

function causeOf(input: SegmentInput): { timestamp: number; causeId: string; imported: boolean } {
  switch (input.kind) {
    case 'performed':
      return { timestamp: input.timestamp, causeId: input.messageId, imported: input.imported };
    case 'timer-fired':
      // The due time is part of the cause: the same timer id is set again for the next window.
      return { timestamp: input.dueAt, causeId: `${input.timerId}/${input.dueAt}`, imported: false };
    case 'rearranged':
      return { timestamp: input.timestamp, causeId: input.messageId, imported: false };
  }
}

export function evolve(state: SegmentedPerson, event: SegmentInput | SegmentEvent): SegmentedPerson {
  switch (event.kind) {
    case 'performed':
      return {
        ...state,
        clock: Math.max(state.clock, event.receivedAt),
        conditions: withOccurrence(state.conditions, event.event, event.timestamp),
      };
    case 'timer-fired':
      return { ...state, clock: Math.max(state.clock, event.firedAt) };
    case 'rearranged':
      // Who was in a segment as any of the persons joined here was in it as this one: nobody enters twice.
      return {
        clock: event.clock,
        conditions: event.conditions,
        memberships: [...new Set((event.told ?? []).flat())].sort(),
      };
    case 'entered':
      return { ...state, memberships: [...new Set([...state.memberships, event.segmentId])].sort() };
    case 'exited':
      return { ...state, memberships: state.memberships.filter((id) => id !== event.segmentId) };
    case 'timer-set':
      return state;
  }
}

/** What the lone profiles of one person did together. Whether they are in a segment is asked anew, so none is held here. */
export function mergeParts(a: SegmentedPerson, b: SegmentedPerson): SegmentedPerson {
  const conditions = mergeConditions(a.conditions, b.conditions);
  return { clock: Math.max(a.clock, b.clock), conditions, memberships: [] };
}
