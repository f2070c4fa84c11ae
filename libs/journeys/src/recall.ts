import type { JourneyProgressed } from '@rapport/events';
import type { JourneyDefinition } from './definition.js';
import { withPassage, withSent } from './evolve.js';
import { deliveryIdOf, timerIdOf } from './ids.js';
import type { JourneyInstance, JourneyPerson, SentMessage } from './person.js';

/** What the log says that was decided, of one passage of the lone profile it belongs to. */
export type RecordedDecision = Pick<
  JourneyProgressed,
  | 'instanceId'
  | 'journeyId'
  | 'journeyVersion'
  | 'kind'
  | 'stepId'
  | 'dueAt'
  | 'enteredFor'
  | 'channel'
  | 'purpose'
  | 'timestamp'
>;

/**
 * Remembers a decision as it was recorded, instead of deciding again. Decisions of one passage stand on several partitions
 * if the person was merged or split meanwhile: they may be read in any order, before and after the facts they came from.
 */
export function recall(
  journeys: readonly JourneyDefinition[],
  state: JourneyPerson,
  decision: RecordedDecision,
): JourneyPerson {
  if (decision.enteredFor === null) return state;
  const { journeyId, journeyVersion } = decision;
  const journey = journeys.find(({ id, version }) => id === journeyId && version === journeyVersion);
  const placeOf = (stepId: string): number => journey?.steps.findIndex(({ id }) => id === stepId) ?? 0;
  const instances = withPassage(state.instances, passageOf(decision, decision.enteredFor), placeOf);
  const message = messageOf(decision, journey);
  return { ...state, instances, sent: message === undefined ? state.sent : withSent(state.sent, message) };
}

function passageOf(
  { instanceId, journeyId, journeyVersion: version, kind, stepId, dueAt }: RecordedDecision,
  enteredFor: number,
): JourneyInstance {
  return {
    instanceId,
    journeyId,
    version,
    status: kind === 'exited' || kind === 'completed' ? kind : 'running',
    enteredFor,
    waiting:
      kind === 'waiting' && stepId !== null && dueAt !== null
        ? { stepId, timerId: timerIdOf(instanceId, stepId), dueAt }
        : null,
  };
}

/** Records from before channel and purpose were written down leave them to the definition. */
function messageOf(
  { kind, instanceId, stepId, channel, purpose, timestamp: at }: RecordedDecision,
  journey: JourneyDefinition | undefined,
): SentMessage | undefined {
  if (kind !== 'message-requested' || stepId === null) return undefined;
  const step = journey?.steps.find(({ id }) => id === stepId);
  const sends = channel !== null && purpose !== null ? { channel, purpose } : step?.kind === 'send' ? step : undefined;
  if (sends === undefined) return undefined;
  return {
    deliveryId: deliveryIdOf(instanceId, stepId),
    instanceId,
    purpose: sends.purpose,
    channel: sends.channel,
    at,
  };
}
