import { deriveId } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import type { LockedPeople, LockedPerson, PersonKey } from '@rapport/profile-db';
import {
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
 * | identities | two persons are one: their tallies are added and evaluated again |
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
    handle: async (batch, tx) => {
      const stimuli = batch.flatMap((input) => stimulusOf(input, events) ?? []);
      return stimuli.length === 0 ? {} : handleStimuli(definitions, stimuli, tx);
    },
  };
}

type Stimulus = PersonKey & { readonly record: LogRecord } & (
    | { readonly input: SegmentInput }
    | { readonly mergedId: string; readonly timestamp: number; readonly messageId: string }
  );

const purposePrefix = 'segment/';

function stimulusOf({ record, event }: InputRecord, events: ReadonlySet<string>): Stimulus | undefined {
  if (event.name === 'profile-touchpoint') {
    const { type, event: name, workspaceId, profileId, timestamp, receivedAt, messageId, imported } = event.value;
    if (type !== 'track' || name === null || !events.has(name)) return undefined;
    const input = { kind: 'performed', event: name, timestamp, receivedAt, messageId, imported } as const;
    return { record, workspaceId, profileId, input };
  }
  if (event.name === 'profiles-merged') {
    const { workspaceId, survivorId, mergedId, timestamp, messageId } = event.value;
    return { record, workspaceId, profileId: survivorId, mergedId, timestamp, messageId };
  }
  if (event.name === 'timer-fired' && event.value.owner === 'segment' && event.value.profileId !== null) {
    const { workspaceId, profileId, timerId, purpose, dueAt, firedAt } = event.value;
    const segmentId = purpose.slice(purposePrefix.length);
    return { record, workspaceId, profileId, input: { kind: 'timer-fired', segmentId, timerId, dueAt, firedAt } };
  }
  return undefined;
}

async function handleStimuli(
  definitions: readonly SegmentDefinition[],
  stimuli: readonly Stimulus[],
  tx: PoolClient,
): Promise<BatchResult> {
  const people = await lockSegmentedPeople(tx, stimuli.flatMap(keysOf));
  const outputs: Output[] = [];
  const timers: Timer[] = [];
  for (const stimulus of stimuli) {
    const target = targetOf(stimulus, people);
    if (target === undefined) continue;
    const { person, input } = target;
    const events = decide(definitions, person.state, input);
    person.state = [input, ...events].reduce<SegmentedPerson>(evolve, person.state);
    person.changed = true;
    for (const event of events) {
      if (event.kind === 'timer-set') timers.push(timerFor(person, event.segmentId, event.dueAt));
      else outputs.push(membershipChanged(person, event, stimulus.record));
    }
  }
  await saveSegmentedPeople(tx, people);
  await scheduleTimers(tx, timers);
  return { outputs };
}

function keysOf(stimulus: Stimulus): readonly PersonKey[] {
  const { workspaceId, profileId } = stimulus;
  const key = { workspaceId, profileId };
  return 'mergedId' in stimulus ? [key, { workspaceId, profileId: stimulus.mergedId }] : [key];
}

function targetOf(
  stimulus: Stimulus,
  people: LockedPeople<SegmentedPerson>,
): { person: LockedPerson<SegmentedPerson>; input: SegmentInput } | undefined {
  if ('input' in stimulus) return { person: people.person(stimulus), input: stimulus.input };
  const { workspaceId, mergedId, timestamp, messageId } = stimulus;
  const merge = people.merge(stimulus, { workspaceId, profileId: mergedId });
  return merge && { person: merge.survivor, input: { kind: 'merged', other: merge.memory, timestamp, messageId } };
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
  const { kind: change, segmentId, timestamp, decidedAt, causeId, imported } = event;
  const value = { workspaceId, profileId, segmentId, change, timestamp, decidedAt, causeId, imported };
  return { topic: 'memberships', name: 'membership-changed', key: profileId, value, causedBy };
}
