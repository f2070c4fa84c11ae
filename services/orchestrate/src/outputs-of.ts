import type { JourneyProgressed } from '@rapport/events';
import type { LogRecord, SealedBytes } from '@rapport/event-log';
import type { JourneyEvent } from '@rapport/journeys';
import type { PersonKey } from '@rapport/profile-db';
import type { Output } from '@rapport/runtime';

/** Sealed content of the messages that one decision requests, by delivery id. */
export type ReadyMessage = ReadonlyMap<string, SealedBytes | undefined>;

/** Every decision goes on the log with its reason; a requested message goes to `deliver` as well. */
export function outputsOf(
  person: PersonKey,
  event: JourneyEvent,
  message: ReadyMessage | undefined,
  causedBy: LogRecord,
): readonly Output[] {
  const key = person.profileId;
  const progressed: Output = {
    topic: 'journeys',
    name: 'journey-progressed',
    key,
    value: progressOf(person, event),
    causedBy,
  };
  if (event.kind !== 'message-requested') return [progressed];
  const { deliveryId, channel, purpose, templateId, journeyId, instanceId, stepId, decidedAt: requestedAt } = event;
  const sealed = message?.get(deliveryId);
  if (sealed === undefined) throw new Error(`delivery ${deliveryId} was requested without its content`);
  const { subjectId, keyId, bytes: content } = sealed;
  const { workspaceId, profileId } = person;
  const about = { deliveryId, channel, purpose, templateId, journeyId, instanceId, stepId, requestedAt };
  const value = { workspaceId, profileId, ...about, subjectId, keyId, content };
  return [progressed, { topic: 'delivery-requests', name: 'delivery-requested', key, value, causedBy }];
}

function progressOf({ workspaceId, profileId }: PersonKey, event: JourneyEvent): JourneyProgressed {
  return {
    workspaceId,
    profileId,
    journeyId: event.journeyId,
    journeyVersion: event.version,
    instanceId: event.instanceId,
    kind: event.kind,
    stepId: 'stepId' in event ? event.stepId : null,
    reason: 'reason' in event ? event.reason : null,
    dueAt: event.kind === 'waiting' ? event.dueAt : null,
    timestamp: event.decidedAt,
    causeId: event.causeId,
  };
}
