import type { JourneyPerson } from '@rapport/journeys';
import type { LockedPeople, LockedPerson, ProfilesMovedByEvent } from '@rapport/profile-db';
import { newestContact } from './contact.js';
import { noteWaiting, type NotedTimers } from './journey-timers.js';
import type { OrchestratedPerson } from './orchestrate.store.js';
import type { Stimulus } from './stimulus.js';

type Change = (state: OrchestratedPerson) => OrchestratedPerson;

export function onJourneys(change: (journeys: JourneyPerson) => JourneyPerson): Change {
  return (state) => ({ ...state, journeys: change(state.journeys) });
}

export function tellContact(
  people: LockedPeople<OrchestratedPerson>,
  { key, contact }: Extract<Stimulus, { kind: 'contact' }>,
): void {
  people.tell(key, (state) => ({ ...state, contact: newestContact(state.contact, contact) }));
}

/** Follows a merge or a split; the persons that are others now, with their timers noted. */
export function rearrange(
  people: LockedPeople<OrchestratedPerson>,
  move: ProfilesMovedByEvent,
  timers: NotedTimers,
): readonly LockedPerson<OrchestratedPerson>[] {
  const { workspaceId, leaving, at } = move;
  // A clock that knew the newer facts of those who left must not go back.
  const later = onJourneys((journeys) => ({ ...journeys, clock: Math.max(journeys.clock, at) }));
  for (const profileId of leaving) people.tell({ workspaceId, profileId }, later);
  const changed = people.move(move).flatMap(({ person, joined }) => (joined.length > 0 ? [person] : []));
  for (const person of changed) noteWaiting(timers, person);
  return changed;
}
