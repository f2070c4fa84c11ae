import type { JourneyEvent, JourneyInstance, JourneyPerson } from '@rapport/journeys';
import type { LockedPerson, PersonKey } from '@rapport/profile-db';
import { cancelTimers, scheduleTimers, type Timer } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import type { OrchestratedPerson } from './orchestrate.store.js';

/** What is to become of timers, by id; of several notes the last counts. */
export type NotedTimers = Map<string, Timer | 'cancelled'>;

export function noteTimer(timers: NotedTimers, person: PersonKey, event: JourneyEvent): void {
  if (event.kind === 'waiting') timers.set(event.timerId, timerOf(person, event.journeyId, event));
  if (event.kind === 'exited' && event.timerId !== null) timers.set(event.timerId, 'cancelled');
}

/** Timers name the person they fire for: after a merge or a split, that is the one who has the passage now. */
export function noteWaiting(timers: NotedTimers, person: LockedPerson<OrchestratedPerson>): void {
  for (const { journeyId, status, waiting } of person.state.journeys.instances) {
    if (status === 'running' && waiting) timers.set(waiting.timerId, timerOf(person, journeyId, waiting));
  }
}

/** A passage of which more was recalled: its wait may be over, or another one. */
export function noteRecalled(
  timers: NotedTimers,
  person: LockedPerson<OrchestratedPerson>,
  { before, instanceId }: { readonly before: JourneyPerson; readonly instanceId: string },
): void {
  const find = ({ instances }: JourneyPerson): JourneyInstance | undefined =>
    instances.find((instance) => instance.instanceId === instanceId);
  const waited = find(before)?.waiting;
  const now = find(person.state.journeys);
  if (waited && waited.timerId !== now?.waiting?.timerId) timers.set(waited.timerId, 'cancelled');
  if (now?.waiting) timers.set(now.waiting.timerId, timerOf(person, now.journeyId, now.waiting));
}

export async function applyTimers(tx: PoolClient, timers: NotedTimers): Promise<void> {
  await scheduleTimers(
    tx,
    [...timers.values()].filter((timer) => timer !== 'cancelled'),
  );
  const cancelled = [...timers].flatMap(([timerId, timer]) => (timer === 'cancelled' ? [timerId] : []));
  await cancelTimers(tx, 'orchestrate', cancelled);
}

function timerOf(
  { workspaceId, profileId }: PersonKey,
  journeyId: string,
  { timerId, stepId, dueAt }: { readonly timerId: string; readonly stepId: string; readonly dueAt: number },
): Timer {
  const purpose = `journey/${journeyId}/${stepId}`;
  return { workspaceId, owner: 'orchestrate', timerId, profileId, purpose, dueAt };
}
