import { deriveId } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import {
  movedBy,
  type LockedPeople,
  type LockedPerson,
  type LoneKey,
  type PersonKey,
  type ProfilesMovedByEvent,
} from '@rapport/profile-db';
import {
  peopleOfEventAndWhoStays,
  scheduleTimers,
  type BatchResult,
  type InputRecord,
  type Output,
  type Platform,
  type StatefulConsumer,
  type Timer,
} from '@rapport/runtime';
import {
  decide,
  eventsUsedBy,
  evolve,
  type SegmentDefinition,
  type SegmentEvent,
  type SegmentInput,
  type SegmentedPerson,
} from '@rapport/segmentation';
import type { PoolClient } from 'pg';
import { loadSegments } from './load-segments.js';
import { lockSegmentedPeople, saveSegmentedPeople } from './segment.store.js';

/**
 * Keeps who is in which segment.
 *
 * | topic | what it means here |
 * |---|---|
 * | profile-touchpoints | one more occurrence of an event that a segment asks for; all others are passed over unopened |
 * | identities | profiles are one person, or one no more: their tallies are added up anew and evaluated again |
 * | timers | a window may have closed |
 * | scores | not asked for by any condition yet |
 */
export async function segmentConsumer(platform: Pick<Platform, 'config'>): Promise<StatefulConsumer> {
  return segmentConsumerOf(await loadSegments(platform.config));
}

export function segmentConsumerOf(definitions: readonly SegmentDefinition[]): StatefulConsumer {
  const events = eventsUsedBy(definitions);
  return {
    name: 'segment',
    topics: ['profile-touchpoints', 'identities', 'scores', 'timers'],
    lingerMs: 250,
    peopleOf: peopleOfEventAndWhoStays,
    handle: async (batch, tx) => {
      const stimuli = batch.flatMap((input) => stimulusOf(input, events) ?? []);
      return stimuli.length === 0 ? {} : handleStimuli(definitions, stimuli, tx);
    },
  };
}

type Stimulus = { readonly record: LogRecord } & (
  { readonly key: LoneKey; readonly input: SegmentInput } | { readonly move: ProfilesMovedByEvent }
);

const purposePrefix = 'segment/';

function stimulusOf({ record, event }: InputRecord, events: ReadonlySet<string>): Stimulus | undefined {
  if (event.name === 'profile-touchpoint') {
    const { type, event: name, workspaceId, timestamp, receivedAt, messageId, imported } = event.value;
    if (type !== 'track' || name === null || !events.has(name)) return undefined;
    const input = { kind: 'performed', event: name, timestamp, receivedAt, messageId, imported } as const;
    return {
      record,
      key: { workspaceId, profileId: event.value.loneProfileId, livesIn: event.value.profileId },
      input,
    };
  }
  if (event.name === 'profiles-merged' || event.name === 'profiles-split') {
    return { record, move: movedBy(event, record.appendedAt) };
  }
  if (event.name === 'timer-fired' && event.value.owner === 'segment' && event.value.profileId !== null) {
    const { workspaceId, profileId, timerId, purpose, dueAt, firedAt } = event.value;
    const segmentId = purpose.slice(purposePrefix.length);
    return {
      record,
      key: { workspaceId, profileId },
      input: { kind: 'timer-fired', segmentId, timerId, dueAt, firedAt },
    };
  }
  return undefined;
}

async function handleStimuli(
  definitions: readonly SegmentDefinition[],
  stimuli: readonly Stimulus[],
  tx: PoolClient,
): Promise<BatchResult> {
  const keys = stimuli.flatMap((stimulus) => ('key' in stimulus ? [stimulus.key] : []));
  const moves = stimuli.flatMap((stimulus) => ('move' in stimulus ? [stimulus.move] : []));
  const people = await lockSegmentedPeople(tx, keys, moves);
  const outputs: Output[] = [];
  const timers: Timer[] = [];
  const follow = (person: LockedPerson<SegmentedPerson>, events: readonly SegmentEvent[], record: LogRecord): void => {
    person.state = events.reduce<SegmentedPerson>(evolve, person.state);
    person.changed = true;
    for (const event of events) {
      if (event.kind === 'timer-set') timers.push(timerFor(person, event.segmentId, event.dueAt));
      else outputs.push(membershipChanged(person, event, record));
    }
  };
  for (const stimulus of stimuli) {
    if ('move' in stimulus) {
      for (const { person, input } of rearranged(people, stimulus.move)) {
        const events = decide(definitions, person.state, input);
        person.state = evolve(person.state, input);
        follow(person, events, stimulus.record);
      }
    } else {
      const { key, input, record } = stimulus;
      const events = decide(definitions, people.person(key).state, input);
      follow(
        people.tell(key, (state) => evolve(state, input)),
        events,
        record,
      );
    }
  }
  await saveSegmentedPeople(tx, people);
  await scheduleTimers(tx, timers);
  return { outputs };
}

/**
 * The persons that are others after a merge or a split, with what is to be decided of them. A split also tells the time:
 * without the newer facts of those who left, a person's clock would go back and windows that have closed open again.
 */
function rearranged(
  people: LockedPeople<SegmentedPerson>,
  move: ProfilesMovedByEvent,
): readonly { readonly person: LockedPerson<SegmentedPerson>; readonly input: SegmentInput }[] {
  const { workspaceId, leaving, timestamp, causeId: messageId } = move;
  for (const profileId of leaving) {
    people.tell({ workspaceId, profileId }, (state) => ({ ...state, clock: Math.max(state.clock, move.at) }));
  }
  return people.move(move).flatMap(({ person, joined, isWhole }) => {
    if (joined.length === 0) return [];
    const { clock, conditions } = person.state;
    const told = isWhole ? joined.map(({ memberships }) => memberships) : undefined;
    return [{ person, input: { kind: 'rearranged', clock, conditions, told, timestamp, messageId } as const }];
  });
}

function timerFor({ workspaceId, profileId }: PersonKey, segmentId: string, dueAt: number): Timer {
  const timerId = deriveId('segment-timer', workspaceId, profileId, segmentId);
  return { workspaceId, owner: 'segment', timerId, profileId, purpose: `${purposePrefix}${segmentId}`, dueAt };
}

function membershipChanged(
  { workspaceId, profileId }: PersonKey,
  event: Extract<SegmentEvent, { kind: 'entered' | 'exited' }>,
  causedBy: LogRecord,
): Output {
  const { kind: change, segmentId, timestamp, decidedAt, causeId, imported, rearranged: isRearranged } = event;
  const about = { timestamp, decidedAt, causeId, imported, rearranged: isRearranged };
  const value = { workspaceId, profileId, segmentId, change, ...about };
  return { topic: 'memberships', name: 'membership-changed', key: profileId, value, causedBy };
}
