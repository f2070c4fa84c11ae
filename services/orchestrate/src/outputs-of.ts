import type { JourneyProgressed } from '@rapport/events';
import type { LogRecord, SealedBytes } from '@rapport/event-log';
import type { JourneyEvent } from '@rapport/journeys';
import type { PersonKey } from '@rapport/profile-db';
import type { Output } from '@rapport/runtime';

/** Sealed content of the messages that one decision requests, by delivery id. */
export type ReadyMessage = ReadonlyMap<string, SealedBytes | undefined>;

/** Where a decision belongs: its passage, or the refused entry of a lone profile. */
export interface Passage {
  readonly loneProfileId: string;
  /** Event time of what let the person in; `null` where nobody entered. */
  readonly enteredFor: number | null;
}

/** Every decision goes on the log with its reason; a requested message goes to `deliver` as well. */
export function outputsOf(
  person: PersonKey,
  { event, passage }: { readonly event: JourneyEvent; readonly passage: Passage },
  message: ReadyMessage | undefined,
  causedBy: LogRecord,
): readonly Output[] {
  const key = person.profileId;
  const progressed: Output = {
    topic: 'journeys',
    name: 'journey-progressed',
    key,
    value: progressOf(person, event, passage),
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

function progressOf(
  { workspaceId, profileId }: PersonKey,
  event: JourneyEvent,
  { loneProfileId, enteredFor }: Passage,
): JourneyProgressed {
  const isMessage = event.kind === 'message-requested';
  return {
    workspaceId,
    profileId,
    loneProfileId,
    journeyId: event.journeyId,
    journeyVersion: event.version,
    instanceId: event.instanceId,
    kind: event.kind,
    stepId: 'stepId' in event ? event.stepId : null,
    reason: 'reason' in event ? event.reason : null,
    dueAt: event.kind === 'waiting' ? event.dueAt : null,
    enteredFor,
    channel: isMessage ? event.channel : null,
    purpose: isMessage ? event.purpose : null,
    timestamp: event.decidedAt,
    causeId: event.causeId,
  };
}
