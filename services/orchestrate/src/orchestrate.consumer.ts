import type { SubjectVault } from '@rapport/event-log';
import {
  decide,
  eventsUsedBy,
  evolve,
  segmentsUsedBy,
  type JourneyDefinition,
  type JourneyEvent,
  type JourneyInput,
  type JourneyInstance,
} from '@rapport/journeys';
import type { ConsentPolicy } from '@rapport/profile';
import type { LockedPeople, LockedPerson, PersonKey } from '@rapport/profile-db';
import {
  loadConsentPolicy,
  type BatchResult,
  type Output,
  type Platform,
  type StatefulConsumer,
} from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { openContact } from './contact.js';
import { createJourneyMetrics } from './journey-metrics.js';
import { applyTimers, noteTimer, type NotedTimers } from './journey-timers.js';
import { loadJourneys } from './load-journeys.js';
import { lockOrchestratedPeople, saveOrchestratedPeople, type OrchestratedPerson } from './orchestrate.store.js';
import { refusalBy } from './refusal.js';
import { outputsOf, type Passage, type ReadyMessage } from './outputs-of.js';
import { onJourneys, rearrange, tellContact } from './tell.js';
import { stimuliOf, type Stimulus } from './stimulus.js';

export const inputTopics = [
  'profile-touchpoints',
  'identities',
  'memberships',
  'scores',
  'consents',
  'deliveries',
  'timers',
] as const;

/**
 * Moves people through journeys.
 *
 * | topic | what it means here |
 * |---|---|
 * | profile-touchpoints | an event may let somebody in or out; an `identify` may tell how to reach them |
 * | memberships | entering a segment may let somebody in |
 * | consents | decides whether a message may leave |
 * | identities | profiles are one person, or one no more: passages go on with whom they began |
 * | timers | a wait is over |
 * | scores, deliveries | not asked for by any step yet |
 */
export async function orchestrateConsumer(
  platform: Pick<Platform, 'config' | 'vault' | 'metrics'>,
): Promise<StatefulConsumer> {
  const [journeys, policy] = await Promise.all([loadJourneys(platform.config), loadConsentPolicy(platform.config)]);
  return orchestrateConsumerOf(journeys, platform, policy);
}

export function orchestrateConsumerOf(
  journeys: readonly JourneyDefinition[],
  { vault, metrics }: Pick<Platform, 'vault' | 'metrics'>,
  policy: ConsentPolicy,
): StatefulConsumer {
  const interests = { events: eventsUsedBy(journeys), segments: segmentsUsedBy(journeys) };
  const count = createJourneyMetrics(metrics);
  return {
    name: 'orchestrate',
    topics: inputTopics,
    lingerMs: 250,
    handle: async (batch, tx) => {
      const stimuli = await stimuliOf(batch, interests, vault);
      return stimuli.length === 0 ? {} : handleStimuli(stimuli, { journeys, policy, vault, tx, count });
    },
  };
}

interface Handling {
  readonly journeys: readonly JourneyDefinition[];
  readonly policy: ConsentPolicy;
  readonly vault: SubjectVault;
  readonly tx: PoolClient;
  readonly count: (events: readonly JourneyEvent[]) => void;
}

async function handleStimuli(stimuli: readonly Stimulus[], handling: Handling): Promise<BatchResult> {
  const { tx, count } = handling;
  const keys = stimuli.flatMap((stimulus) => (stimulus.kind === 'move' ? [] : [stimulus.key]));
  const moves = stimuli.flatMap((stimulus) => (stimulus.kind === 'move' ? [stimulus.move] : []));
  const people = await lockOrchestratedPeople(tx, keys, moves);
  const outputs: Output[] = [];
  const timers: NotedTimers = new Map();
  for (const stimulus of stimuli) {
    for (const { lone, person, input } of targetsOf(stimulus, people, timers)) {
      const { events, message } = await decideFor(person, input, handling);
      const decisions = follow(people, person, { lone, input, events });
      count(events);
      for (const decision of decisions) {
        outputs.push(...outputsOf(person, decision, message, stimulus.record));
        noteTimer(timers, person, decision.event);
      }
    }
  }
  await saveOrchestratedPeople(tx, people);
  await applyTimers(tx, timers);
  return { outputs };
}

interface Target {
  /** The lone profile that the input is about; `undefined` for what concerns the person as a whole. */
  readonly lone: PersonKey | undefined;
  readonly person: LockedPerson<OrchestratedPerson>;
  readonly input: JourneyInput;
}

/** Whom to decide what for. A contact is only remembered; a merge or split that says nothing new changes nobody. */
function targetsOf(
  stimulus: Stimulus,
  people: LockedPeople<OrchestratedPerson>,
  timers: NotedTimers,
): readonly Target[] {
  if (stimulus.kind === 'input') {
    const { key, input } = stimulus;
    return [{ lone: key, person: people.person(key), input }];
  }
  if (stimulus.kind === 'contact') {
    tellContact(people, stimulus);
    return [];
  }
  return rearrange(people, stimulus.move, timers).map((person) => ({
    lone: undefined,
    person,
    input: { kind: 'rearranged', person: person.state.journeys, causeId: stimulus.move.causeId },
  }));
}

interface Decision {
  readonly event: JourneyEvent;
  readonly passage: Passage;
}

/** A passage stands with the lone profile that entered, so that it stays with it after a split. */
function follow(
  people: LockedPeople<OrchestratedPerson>,
  person: LockedPerson<OrchestratedPerson>,
  { lone, input, events }: Pick<Target, 'lone' | 'input'> & { readonly events: readonly JourneyEvent[] },
): readonly Decision[] {
  const evolved = (event: JourneyInput | JourneyEvent) => onJourneys((journeys) => evolve(journeys, event));
  if (lone) people.tell(lone, evolved(input));
  const decisions = events.map((event): Decision => {
    const passage = passageOf(people, person, event, lone);
    person.state = evolved(event)(person.state);
    people.changePartOf(person, passage.loneProfileId, evolved(event));
    return { event, passage };
  });
  person.changed = true;
  return decisions;
}

function passageOf(
  people: LockedPeople<OrchestratedPerson>,
  person: LockedPerson<OrchestratedPerson>,
  event: JourneyEvent,
  lone: PersonKey | undefined,
): Passage {
  const itself = lone?.profileId ?? person.profileId;
  if (event.kind === 'entered') return { loneProfileId: itself, enteredFor: event.enteredFor };
  if (event.kind === 'entry-refused') return { loneProfileId: itself, enteredFor: null };
  const isIt = ({ instanceId }: JourneyInstance): boolean => instanceId === event.instanceId;
  const holder = [...people.partsOf(person)].find(([, { journeys }]) => journeys.instances.some(isIt));
  const enteredFor = person.state.journeys.instances.find(isIt)?.enteredFor ?? null;
  return { loneProfileId: holder?.[0] ?? person.profileId, enteredFor };
}

/** The contact is opened only when a message is about to leave; what it turns out to be may change the decision. */
async function decideFor(
  { workspaceId, state: { journeys: person, contact } }: LockedPerson<OrchestratedPerson>,
  input: JourneyInput,
  { journeys, policy, vault }: Handling,
): Promise<{ events: readonly JourneyEvent[]; message: ReadyMessage | undefined }> {
  const refusal = refusalBy(policy);
  const events = decide(journeys, person, input, { address: contact === undefined ? 'unknown' : 'known', refusal });
  const requests = events.filter((event) => event.kind === 'message-requested');
  if (contact === undefined || requests.length === 0) return { events, message: undefined };
  const opened = await openContact(vault, workspaceId, contact);
  if (opened === 'erased')
    return { events: decide(journeys, person, input, { address: 'erased', refusal }), message: undefined };
  const plaintext = Buffer.from(JSON.stringify(opened));
  const sealed = await vault.seal(
    requests.map(({ deliveryId }) => ({ workspaceId, subjectId: contact.subjectId, boundTo: deliveryId, plaintext })),
  );
  return { events, message: new Map(requests.map(({ deliveryId }, i) => [deliveryId, sealed[i]])) };
}
