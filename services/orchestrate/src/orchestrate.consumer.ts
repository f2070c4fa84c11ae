import type { SubjectVault } from '@rapport/event-log';
import {
  decide,
  eventsUsedBy,
  evolve,
  segmentsUsedBy,
  type JourneyDefinition,
  type JourneyEvent,
  type JourneyInput,
  type JourneyPerson,
} from '@rapport/journeys';
import type { ConsentPolicy } from '@rapport/profile';
import type { LockedPeople, LockedPerson, PersonKey } from '@rapport/profile-db';
import {
  cancelTimers,
  loadConsentPolicy,
  scheduleTimers,
  type BatchResult,
  type Output,
  type Platform,
  type StatefulConsumer,
  type Timer,
} from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { newestContact, openContact } from './contact.js';
import { createJourneyMetrics } from './journey-metrics.js';
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
 * | identities | two persons are one: their passages go on as the survivor's |
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
  const people = await lockOrchestratedPeople(tx, stimuli.flatMap(keysOf));
  const outputs: Output[] = [];
  const timers = new Map<string, Timer | 'cancelled'>();
  for (const stimulus of stimuli) {
    const target = targetOf(stimulus, people);
    if (target === undefined) continue;
    const { person, input } = target;
    const { events, message } = await decideFor(person, input, handling);
    const journeys = [input, ...events].reduce<JourneyPerson>(evolve, person.state.journeys);
    Object.assign(person, { state: { ...person.state, journeys }, changed: true });
    count(events);
    for (const event of events) {
      outputs.push(...outputsOf(person, event, message, stimulus.record));
      noteTimer(timers, person, event);
    }
  }
  await saveOrchestratedPeople(tx, people);
  await applyTimers(tx, timers);
  return { outputs };
}

function keysOf(stimulus: Stimulus): readonly PersonKey[] {
  const { workspaceId, profileId } = stimulus;
  const key = { workspaceId, profileId };
  return stimulus.kind === 'merge' ? [key, { workspaceId, profileId: stimulus.mergedId }] : [key];
}

/** Whom to decide what for; a contact is only remembered, and a merge known already changes nothing. */
function targetOf(
  stimulus: Stimulus,
  people: LockedPeople<OrchestratedPerson>,
): { person: LockedPerson<OrchestratedPerson>; input: JourneyInput } | undefined {
  if (stimulus.kind === 'input') return { person: people.person(stimulus), input: stimulus.input };
  if (stimulus.kind === 'contact') {
    remember(people.person(stimulus), stimulus.contact);
    return undefined;
  }
  const { workspaceId, mergedId, messageId } = stimulus;
  const merge = people.merge(stimulus, { workspaceId, profileId: mergedId });
  if (merge === undefined) return undefined;
  remember(merge.survivor, merge.memory.contact);
  return { person: merge.survivor, input: { kind: 'merged', other: merge.memory.journeys, messageId } };
}

function remember(person: LockedPerson<OrchestratedPerson>, contact: OrchestratedPerson['contact']): void {
  const newest = newestContact(person.state.contact, contact);
  if (newest !== person.state.contact)
    Object.assign(person, { state: { ...person.state, contact: newest }, changed: true });
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

function noteTimer(
  timers: Map<string, Timer | 'cancelled'>,
  { workspaceId, profileId }: PersonKey,
  event: JourneyEvent,
): void {
  if (event.kind === 'waiting') {
    const { timerId, dueAt, journeyId, stepId } = event;
    const purpose = `journey/${journeyId}/${stepId}`;
    timers.set(timerId, { workspaceId, owner: 'orchestrate', timerId, profileId, purpose, dueAt });
  }
  if (event.kind === 'exited' && event.timerId !== null) timers.set(event.timerId, 'cancelled');
}

async function applyTimers(tx: PoolClient, timers: ReadonlyMap<string, Timer | 'cancelled'>): Promise<void> {
  await scheduleTimers(
    tx,
    [...timers.values()].filter((timer) => timer !== 'cancelled'),
  );
  const cancelled = [...timers].flatMap(([timerId, timer]) => (timer === 'cancelled' ? [timerId] : []));
  await cancelTimers(tx, 'orchestrate', cancelled);
}
