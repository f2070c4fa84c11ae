import { mergeConditions, nothingKnown, withOccurrence, type ConditionState } from './condition-state.js';
import type { SegmentDefinition } from './definition.js';
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
  /** When the pending timer of a segment is due, by segment id. */
  readonly timers: Readonly<Record<string, number>>;
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
      readonly kind: 'merged';
      readonly other: SegmentedPerson;
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
    }
  | { readonly kind: 'timer-set'; readonly segmentId: string; readonly dueAt: number };

export const initialState: SegmentedPerson = { clock: 0, conditions: nothingKnown, memberships: [], timers: {} };

/** The memberships that begin or end by this input, in the order of the definitions, and the timers to set. */
export function decide(
  definitions: readonly SegmentDefinition[],
  state: SegmentedPerson,
  input: SegmentInput,
): readonly SegmentEvent[] {
  const person = evolve(state, input);
  const defined = new Set(definitions.map(({ id }) => id));
  const gone = person.memberships.filter((id) => !defined.has(id)).map((id) => change('exited', id, person, input));
  return [...gone, ...definitions.flatMap((definition) => decideSegment(definition, person, input))];
}

function decideSegment(
  definition: SegmentDefinition,
  person: SegmentedPerson,
  input: SegmentInput,
): readonly SegmentEvent[] {
  const { member, nextChangeAt } = evaluate(definition.when, person.conditions, person.clock);
  const events: SegmentEvent[] = [];
  if (member !== person.memberships.includes(definition.id)) {
    events.push(change(member ? 'entered' : 'exited', definition.id, person, input));
  }
  // A pending timer that is due earlier stays: when it fires, the next one is set. So a busy customer costs one timer a
  // window, not one a touchpoint.
  const pending = person.timers[definition.id];
  if (nextChangeAt !== undefined && (pending === undefined || pending > nextChangeAt)) {
    events.push({ kind: 'timer-set', segmentId: definition.id, dueAt: nextChangeAt });
  }
  return events;
}

function change(
  kind: 'entered' | 'exited',
  segmentId: string,
  person: SegmentedPerson,
  input: SegmentInput,
): SegmentEvent {
  return { kind, segmentId, decidedAt: person.clock, ...causeOf(input) };
}

function causeOf(input: SegmentInput): { timestamp: number; causeId: string; imported: boolean } {
  switch (input.kind) {
    case 'performed':
      return { timestamp: input.timestamp, causeId: input.messageId, imported: input.imported };
    case 'timer-fired':
      // The due time is part of the cause: the same timer id is set again for the next window.
      return { timestamp: input.dueAt, causeId: `${input.timerId}/${input.dueAt}`, imported: false };
    case 'merged':
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
      return {
        ...state,
        clock: Math.max(state.clock, event.firedAt),
        timers: state.timers[event.segmentId] === event.dueAt ? without(state.timers, event.segmentId) : state.timers,
      };
    case 'merged':
      // Both persons' memberships count as held: who entered as one of the two does not enter again as the survivor.
      // The other's timers still fire, and find the survivor.
      return {
        ...state,
        clock: Math.max(state.clock, event.other.clock),
        conditions: mergeConditions(state.conditions, event.other.conditions),
        memberships: [...new Set([...state.memberships, ...event.other.memberships])].sort(),
      };
    case 'entered':
      return { ...state, memberships: [...state.memberships, event.segmentId].sort() };
    case 'exited':
      return { ...state, memberships: state.memberships.filter((id) => id !== event.segmentId) };
    case 'timer-set':
      return { ...state, timers: { ...state.timers, [event.segmentId]: event.dueAt } };
  }
}

function without(timers: Readonly<Record<string, number>>, segmentId: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(timers).filter(([id]) => id !== segmentId));
}
