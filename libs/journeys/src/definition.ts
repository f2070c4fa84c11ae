import { parseDuration } from '@rapport/events';

export type Channel = 'email' | 'sms' | 'webhook';

/** A version of a journey as its YAML file says it, already checked against `schemas/definitions/journey.schema.json`. */
export interface JourneyFile {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly description?: string;
  readonly applies_from?: string;
  readonly max_age?: string;
  readonly entry: { readonly segment: string } | { readonly event: string };
  readonly exit_on?: readonly { readonly event: string; readonly reason: string }[];
  readonly steps: readonly StepInFile[];
}

export type StepInFile =
  | { readonly id: string; readonly wait: string; readonly after?: 'entry' | 'previous-step' }
  | {
      readonly id: string;
      readonly send: { readonly channel: Channel; readonly template: string; readonly purpose: string };
    };

export interface JourneyDefinition {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** Entries decided at or after this log time (milliseconds) go by this version, until a higher one applies. */
  readonly appliesFrom: number;
  /** An entry is refused, and a message withheld, when what caused it is older than this (milliseconds). */
  readonly maxAgeMs: number;
  readonly entry:
    { readonly kind: 'segment'; readonly segmentId: string } | { readonly kind: 'event'; readonly event: string };
  readonly exitOn: readonly { readonly event: string; readonly reason: string }[];
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'wait'; readonly id: string; readonly waitMs: number; readonly after: 'entry' | 'previous-step' }
  | {
      readonly kind: 'send';
      readonly id: string;
      readonly channel: Channel;
      readonly templateId: string;
      readonly purpose: string;
    };

export const defaultMaxAge = '1 day';

export function journeyFrom(file: JourneyFile): JourneyDefinition {
  return {
    id: file.id,
    version: file.version,
    name: file.name,
    appliesFrom: file.applies_from === undefined ? 0 : Date.parse(file.applies_from),
    maxAgeMs: parseDuration(file.max_age ?? defaultMaxAge),
    entry:
      'segment' in file.entry
        ? { kind: 'segment', segmentId: file.entry.segment }
        : { kind: 'event', event: file.entry.event },
    exitOn: file.exit_on ?? [],
    steps: file.steps.map(stepFrom),
  };
}

function stepFrom(step: StepInFile): Step {
  if ('wait' in step) {
    return { kind: 'wait', id: step.id, waitMs: parseDuration(step.wait), after: step.after ?? 'previous-step' };
  }
  const { channel, template, purpose } = step.send;
  return { kind: 'send', id: step.id, channel, templateId: template, purpose };
}

/** The events that may let somebody into a journey or out of it; all others can be passed over unread. */
export function eventsUsedBy(journeys: readonly JourneyDefinition[]): ReadonlySet<string> {
  return new Set(
    journeys.flatMap(({ entry, exitOn }) => [
      ...(entry.kind === 'event' ? [entry.event] : []),
      ...exitOn.map(({ event }) => event),
    ]),
  );
}

/** The segments whose entries let somebody into a journey. */
export function segmentsUsedBy(journeys: readonly JourneyDefinition[]): ReadonlySet<string> {
  return new Set(journeys.flatMap(({ entry }) => (entry.kind === 'segment' ? [entry.segmentId] : [])));
}

/**
 * The version of each journey that an entry decided at `decidedAt` goes by. It depends on log time alone, so that a
 * replay decides old entries by the version they were decided by.
 */
export function versionsAt(journeys: readonly JourneyDefinition[], decidedAt: number): readonly JourneyDefinition[] {
  const newest = new Map<string, JourneyDefinition>();
  for (const journey of journeys) {
    if (journey.appliesFrom > decidedAt) continue;
    const known = newest.get(journey.id);
    if (known === undefined || known.version < journey.version) newest.set(journey.id, journey);
  }
  return [...newest.values()];
}
