import { parseDuration } from '@rapport/events';

/** A segment as its YAML file says it, already checked against `schemas/definitions/segment.schema.json`. */
export interface SegmentFile {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly when: ConditionInFile;
}

export type ConditionInFile =
  | { readonly all: readonly ConditionInFile[] }
  | { readonly any: readonly ConditionInFile[] }
  | { readonly not: ConditionInFile }
  | { readonly performed: { readonly event: string; readonly times?: TimesInFile; readonly within?: string } }
  | { readonly not_performed: { readonly event: string; readonly within?: string } };

export interface TimesInFile {
  readonly at_least?: number;
  readonly at_most?: number;
  readonly exactly?: number;
}

export interface SegmentDefinition {
  readonly id: string;
  readonly name: string;
  readonly when: Condition;
}

/**
 * What must hold of a person.
 * - `performed`: the number of times they did `event`, ever, lies in `[atLeast, atMost]`
 * - `performed-within`: they did `event` at a time later than `now - withinMs`
 */
export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'performed'; readonly event: string; readonly atLeast: number; readonly atMost: number }
  | { readonly kind: 'performed-within'; readonly event: string; readonly withinMs: number };

export function segmentFrom(file: SegmentFile): SegmentDefinition {
  return { id: file.id, name: file.name, when: conditionFrom(file.when) };
}

export function conditionFrom(condition: ConditionInFile): Condition {
  if ('all' in condition) return { kind: 'all', of: condition.all.map(conditionFrom) };
  if ('any' in condition) return { kind: 'any', of: condition.any.map(conditionFrom) };
  if ('not' in condition) return { kind: 'not', of: conditionFrom(condition.not) };
  if ('not_performed' in condition) return { kind: 'not', of: conditionFrom({ performed: condition.not_performed }) };
  const { event, within, times } = condition.performed;
  if (within !== undefined) return { kind: 'performed-within', event, withinMs: parseDuration(within) };
  return {
    kind: 'performed',
    event,
    atLeast: times?.exactly ?? times?.at_least ?? (times?.at_most === undefined ? 1 : 0),
    atMost: times?.exactly ?? times?.at_most ?? Number.POSITIVE_INFINITY,
  };
}

/** The events whose occurrences decide any of the segments; all others can be passed over unread. */
export function eventsUsedBy(definitions: readonly SegmentDefinition[]): ReadonlySet<string> {
  return new Set(definitions.flatMap(({ when }) => eventsOf(when)));
}

/** The events that decide a condition. */
export function eventsOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(eventsOf);
    case 'not':
      return eventsOf(condition.of);
    case 'performed':
    case 'performed-within':
      return [condition.event];
  }
}
