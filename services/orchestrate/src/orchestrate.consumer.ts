import type { SubjectVault } from '@rapport/event-log';
import {
  decide,
  eventsUsedBy,
  evolve,
  segmentsUsedBy,
  type JourneyDefinition,
  type JourneyEvent,
  type JourneyInput,
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
import { newestContact, openContact } from './contact.js';
import { createJourneyMetrics } from './journey-metrics.js';
import { applyTimers, noteTimer, noteWaiting, type NotedTimers } from './journey-timers.js';
import { loadJourneys } from './load-journeys.js';
import { lockOrchestratedPeople, saveOrchestratedPeople, type OrchestratedPerson } from './orchestrate.store.js';
import { refusalBy } from './refusal.js';
import { outputsOf, type ReadyMessage } from './outputs-of.js';
import { stimuliOf, type Stimulus } from './stimulus.js';

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
    topics: ['profile-touchpoints', 'identities', 'memberships', 'scores', 'consents', 'deliveries', 'timers'],
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
      follow(people, person, { lone, input, events });
      count(events);
      for (const event of events) {
        outputs.push(...outputsOf(person, event, message, stimulus.record));
        noteTimer(timers, person, event);
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
    const { key, contact } = stimulus;
    people.tell(key, (state) => ({ ...state, contact: newestContact(state.contact, contact) }));
    return [];
  }
  const { workspaceId, leaving, at, causeId } = stimulus.move;
  // A clock that knew the newer facts of those who left must not go back.
  for (const profileId of leaving) people.tell({ workspaceId, profileId }, (state) => laterBy(state, at));
  return people.move(stimulus.move).flatMap(({ person, joined }) => {
    if (joined.length === 0) return [];
    noteWaiting(timers, person);
    return [{ lone: undefined, person, input: { kind: 'rearranged', person: person.state.journeys, causeId } }];
  });
}

function laterBy(state: OrchestratedPerson, at: number): OrchestratedPerson {
  return { ...state, journeys: { ...state.journeys, clock: Math.max(state.journeys.clock, at) } };
}

/** A passage stands with the lone profile that entered, so that it stays with it after a split. */
function follow(
  people: LockedPeople<OrchestratedPerson>,
  person: LockedPerson<OrchestratedPerson>,
  { lone, input, events }: Pick<Target, 'lone' | 'input'> & { readonly events: readonly JourneyEvent[] },
): void {
  const evolved =
    (event: JourneyInput | JourneyEvent) =>
    (state: OrchestratedPerson): OrchestratedPerson => ({
      ...state,
      journeys: evolve(state.journeys, event),
    });
  if (lone) people.tell(lone, evolved(input));
  for (const event of events) {
    person.state = evolved(event)(person.state);
    const holder = event.kind === 'entered' ? lone?.profileId : holderOf(people, person, event.instanceId);
    if (holder !== undefined) people.changePartOf(person, holder, evolved(event));
  }
  person.changed = true;
}

function holderOf(
  people: LockedPeople<OrchestratedPerson>,
  person: LockedPerson<OrchestratedPerson>,
  instanceId: string,
): string | undefined {
  const parts = [...people.partsOf(person)];
  return parts.find(([, { journeys }]) =>
    journeys.instances.some((instance) => instance.instanceId === instanceId),
  )?.[0];
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
