import type { JourneyProgressed, LogEvent } from '@rapport/events';
import { eventsUsedBy, evolve, recall, segmentsUsedBy, type JourneyDefinition } from '@rapport/journeys';
import type { LockedPeople, PersonKey } from '@rapport/profile-db';
import { peopleOfEventAndWhoStays, type InputRecord, type Platform, type StatefulConsumer } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { applyTimers, noteRecalled, type NotedTimers } from './journey-timers.js';
import { loadJourneys } from './load-journeys.js';
import { inputTopics } from './orchestrate.consumer.js';
import { lockOrchestratedPeople, saveOrchestratedPeople, type OrchestratedPerson } from './orchestrate.store.js';
import { stimuliOf, type Stimulus } from './stimulus.js';
import { onJourneys, rearrange, tellContact } from './tell.js';

/**
 * Orchestration as a replay computes it again: what came in is remembered as when it was live, and what was decided is
 * taken from `journeys`, where every decision stands. Deciding again could come out otherwise: entries, exits, merges and splits
 * come by several topics, and a decision depends on how far each of them had been read.
 */
export async function rebuildJourneysConsumer(platform: Pick<Platform, 'config' | 'vault'>): Promise<StatefulConsumer> {
  const journeys = await loadJourneys(platform.config);
  const interests = { events: eventsUsedBy(journeys), segments: segmentsUsedBy(journeys) };
  return {
    name: 'orchestrate',
    topics: inputTopics,
    decisions: ['journeys'],
    peopleOf,
    handle: async (batch, tx) => {
      const stimuli = await stimuliOf(batch, interests, platform.vault);
      const decisions = batch.flatMap(decisionIn);
      if (stimuli.length + decisions.length > 0) await remember(stimuli, decisions, { journeys, tx });
      return {};
    },
  };
}

/** Of people who were linked and split, one may have been erased, and what concerns the other counts. */
function peopleOf(event: LogEvent): readonly string[] {
  // A passage stays with the lone profile that entered, whoever it was linked with when this was decided.
  return event.name === 'journey-progressed' ? [event.value.loneProfileId] : peopleOfEventAndWhoStays(event);
}

/** A refused entry leaves nothing to remember. */
function decisionIn({ event }: InputRecord): readonly JourneyProgressed[] {
  return event.name === 'journey-progressed' && event.value.kind !== 'entry-refused' ? [event.value] : [];
}

async function remember(
  stimuli: readonly Stimulus[],
  decisions: readonly JourneyProgressed[],
  { journeys, tx }: { readonly journeys: readonly JourneyDefinition[]; readonly tx: PoolClient },
): Promise<void> {
  const keys = stimuli.flatMap((stimulus) => (stimulus.kind === 'move' ? [] : [stimulus.key]));
  const moves = stimuli.flatMap((stimulus) => (stimulus.kind === 'move' ? [stimulus.move] : []));
  const people = await lockOrchestratedPeople(tx, [...keys, ...decisions.map(holderOf)], moves);
  const timers: NotedTimers = new Map();
  for (const stimulus of stimuli) rememberStimulus(stimulus, people, timers);
  for (const decision of decisions) {
    const key = holderOf(decision);
    const before = people.person(key).state.journeys;
    const person = people.tell(
      key,
      onJourneys((state) => recall(journeys, state, decision)),
    );
    noteRecalled(timers, person, { before, instanceId: decision.instanceId });
  }
  await saveOrchestratedPeople(tx, people);
  await applyTimers(tx, timers);
}

function rememberStimulus(stimulus: Stimulus, people: LockedPeople<OrchestratedPerson>, timers: NotedTimers): void {
  if (stimulus.kind === 'move') rearrange(people, stimulus.move, timers);
  else if (stimulus.kind === 'contact') tellContact(people, stimulus);
  else
    people.tell(
      stimulus.key,
      onJourneys((state) => evolve(state, stimulus.input)),
    );
}

function holderOf({ workspaceId, loneProfileId: profileId }: JourneyProgressed): PersonKey {
  return { workspaceId, profileId };
}
