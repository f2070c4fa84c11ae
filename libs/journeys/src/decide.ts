import { deriveId } from '@rapport/events';
import { versionsAt, type JourneyDefinition, type Step } from './definition.js';
import { evolve } from './evolve.js';
import { deliveryIdOf, timerIdOf } from './ids.js';
import type {
  ContactRefusal,
  JourneyEvent,
  JourneyInput,
  JourneyInstance,
  JourneyPerson,
  WithheldReason,
} from './person.js';

/** What the service found out for this decision, as the state holds no personal data. */
export interface Facts {
  /** Whether an address of the person is known and can still be read. */
  readonly address: 'known' | 'unknown' | 'erased';
  /** Why this person is not to be written to at `at`, by consent and wishes; `undefined` where they may be. */
  readonly refusal: (
    person: Pick<JourneyPerson, 'consents' | 'preferences' | 'sent'>,
    send: { readonly purpose: string; readonly channel: string },
    at: number,
  ) => ContactRefusal | undefined;
}

interface Situation {
  readonly journeys: readonly JourneyDefinition[];
  /** State after the input. */
  readonly person: JourneyPerson;
  readonly causeId: string;
  readonly facts: Facts;
}

/** Everything that follows from one input: entries, waits, messages, exits, and refusals with their reason. */
export function decide(
  journeys: readonly JourneyDefinition[],
  state: JourneyPerson,
  input: JourneyInput,
  facts: Facts,
): readonly JourneyEvent[] {
  const person = evolve(state, input);
  switch (input.kind) {
    case 'segment-entered': {
      const situation = { journeys, person, causeId: input.causeId, facts };
      const open = versionsAt(journeys, input.decidedAt);
      return open
        .filter(({ entry }) => entry.kind === 'segment' && entry.segmentId === input.segmentId)
        .flatMap((journey) => enter(journey, { ...input, logTime: input.decidedAt }, situation));
    }
    case 'performed': {
      const situation = { journeys, person, causeId: input.messageId, facts };
      const exits = exitsDue(situation);
      const afterwards = { ...situation, person: exits.reduce<JourneyPerson>(evolve, person) };
      const open = versionsAt(journeys, input.receivedAt);
      const entries = open
        .filter(({ entry }) => entry.kind === 'event' && entry.event === input.event)
        .flatMap((journey) => enter(journey, { ...input, logTime: input.receivedAt }, afterwards));
      return [...exits, ...entries];
    }
    case 'timer-fired':
      return resume(input, { journeys, person, causeId: input.timerId, facts });
    case 'rearranged': {
      const situation = { journeys, person, causeId: input.causeId, facts };
      const doubles = exitDoubles(situation);
      return [...doubles, ...exitsDue({ ...situation, person: doubles.reduce<JourneyPerson>(evolve, person) })];
    }
    case 'consent-recorded':
    case 'preference-recorded':
      return [];
  }
}

interface Entry {
  readonly profileId: string;
  readonly timestamp: number;
  readonly logTime: number;
  readonly imported: boolean;
  readonly rearranged?: boolean;
}

function enter(journey: JourneyDefinition, entry: Entry, situation: Situation): readonly JourneyEvent[] {
  const { person, causeId } = situation;
  const instanceId = deriveId('journey-instance', journey.id, journey.version, entry.profileId, causeId);
  if (person.instances.some((instance) => instance.instanceId === instanceId)) return [];
  const about = { instanceId, journeyId: journey.id, version: journey.version, decidedAt: person.clock, causeId };
  if (entry.imported) return [{ kind: 'entry-refused', reason: 'imported', ...about }];
  if (entry.rearranged) return [{ kind: 'entry-refused', reason: 'rearranged', ...about }];
  // Against the log time of the entry, not the person's clock: the answer must not depend on what else was read first.
  if (entry.logTime - entry.timestamp > journey.maxAgeMs)
    return [{ kind: 'entry-refused', reason: 'too-old', ...about }];
  if (person.instances.some(({ journeyId, status }) => journeyId === journey.id && status === 'running')) {
    return [{ kind: 'entry-refused', reason: 'already-running', ...about }];
  }
  const entered: JourneyEvent = { kind: 'entered', enteredFor: entry.timestamp, ...about };
  const inside = { ...situation, person: evolve(person, entered) };
  // The event that ends this passage may have been read before the one that began it.
  const exits = exitsDue(inside).filter((exit) => exit.instanceId === instanceId);
  if (exits.length > 0) return [entered, ...exits];
  return [entered, ...runSteps(journey, instanceOf(inside.person, instanceId), journey.steps, inside)];
}

function instanceOf(person: JourneyPerson, instanceId: string): JourneyInstance {
  const instance = person.instances.find((candidate) => candidate.instanceId === instanceId);
  if (instance === undefined) throw new Error(`instance ${instanceId} is not among those of the person`);
  return instance;
}

function resume(input: Extract<JourneyInput, { kind: 'timer-fired' }>, situation: Situation): readonly JourneyEvent[] {
  const instance = situation.person.instances.find(
    ({ status, waiting }) =>
      status === 'running' && waiting?.timerId === input.timerId && waiting.dueAt === input.dueAt,
  );
  if (instance === undefined) return [];
  const journey = definitionOf(situation.journeys, instance);
  const waitingAt = journey?.steps.findIndex(({ id }) => id === instance.waiting?.stepId) ?? -1;
  if (journey === undefined || waitingAt < 0) return [exit(instance, 'definition-missing', situation)];
  return runSteps(journey, instance, journey.steps.slice(waitingAt + 1), situation, input);
}

/** From here to the next wait or the end. A wait always ends by its timer, even when it is due already. */
function runSteps(
  journey: JourneyDefinition,
  instance: JourneyInstance,
  steps: readonly Step[],
  situation: Situation,
  timer?: { readonly dueAt: number; readonly firedAt: number },
): readonly JourneyEvent[] {
  const { person, causeId } = situation;
  const { instanceId, journeyId, version } = instance;
  const about = { instanceId, journeyId, version, decidedAt: person.clock, causeId };
  const events: JourneyEvent[] = [];
  for (const step of steps) {
    if (step.kind === 'wait') {
      const dueAt = (step.after === 'entry' ? instance.enteredFor : person.clock) + step.waitMs;
      const timerId = timerIdOf(instanceId, step.id);
      return [...events, { kind: 'waiting', stepId: step.id, timerId, dueAt, ...about }];
    }
    // A timer may fire long after it was due: Rapport was stopped.
    const tooLate = timer !== undefined && timer.firedAt - timer.dueAt > journey.maxAgeMs;
    const withheld = tooLate
      ? 'too-late'
      : reasonToWithhold(step, { ...situation, person: events.reduce<JourneyPerson>(evolve, person) });
    events.push(
      withheld === undefined
        ? {
            kind: 'message-requested',
            stepId: step.id,
            deliveryId: deliveryIdOf(instanceId, step.id),
            channel: step.channel,
            purpose: step.purpose,
            templateId: step.templateId,
            ...about,
          }
        : { kind: 'message-withheld', stepId: step.id, reason: withheld, ...about },
    );
  }
  return [...events, { kind: 'completed', ...about }];
}

function reasonToWithhold(
  step: Extract<Step, { kind: 'send' }>,
  { person, facts }: Situation,
): WithheldReason | undefined {
  const refusal = facts.refusal(person, step, person.clock);
  if (refusal !== undefined) return refusal;
  if (facts.address === 'erased') return 'erased';
  if (facts.address === 'unknown') return 'no-address';
  return undefined;
}

/** Exits of all running passages whose exit event happened later than what let the person in. */
function exitsDue(situation: Situation): readonly JourneyEvent[] {
  const { person, journeys } = situation;
  return person.instances.flatMap((instance) => {
    if (instance.status !== 'running') return [];
    const rule = definitionOf(journeys, instance)?.exitOn.find(
      ({ event }) => (person.lastEventAt[event] ?? Number.NEGATIVE_INFINITY) > instance.enteredFor,
    );
    return rule === undefined ? [] : [exit(instance, rule.reason, situation)];
  });
}

/** After a merge a person may be in one journey twice; the passage that began first goes on. */
function exitDoubles(situation: Situation): readonly JourneyEvent[] {
  const goingOn = new Set<string>();
  return situation.person.instances.flatMap((instance) => {
    if (instance.status !== 'running') return [];
    if (goingOn.has(instance.journeyId)) return [exit(instance, 'merged', situation)];
    goingOn.add(instance.journeyId);
    return [];
  });
}

function exit(instance: JourneyInstance, reason: string, { person, causeId }: Situation): JourneyEvent {
  const { instanceId, journeyId, version, waiting } = instance;
  const timerId = waiting?.timerId ?? null;
  return { kind: 'exited', reason, timerId, instanceId, journeyId, version, decidedAt: person.clock, causeId };
}

function definitionOf(
  journeys: readonly JourneyDefinition[],
  { journeyId, version }: JourneyInstance,
): JourneyDefinition | undefined {
  return journeys.find((journey) => journey.id === journeyId && journey.version === version);
}
