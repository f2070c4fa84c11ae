import type { Consent, JourneyEvent, JourneyInput, JourneyInstance, JourneyPerson } from './person.js';

/** How many ended passages of a person are remembered, newest first by entry. */
const endedKept = 50;

export function evolve(state: JourneyPerson, event: JourneyInput | JourneyEvent): JourneyPerson {
  switch (event.kind) {
    case 'segment-entered':
      return at(state, event.decidedAt);
    case 'performed':
      return {
        ...at(state, event.receivedAt),
        lastEventAt: newestTimes(state.lastEventAt, { [event.event]: event.timestamp }),
      };
    case 'timer-fired':
      return at(state, event.firedAt);
    case 'consent-recorded': {
      const { purpose, channel, status, timestamp } = event;
      const consents = { [`${purpose}/${channel}`]: { purpose, channel, status, timestamp } };
      return { ...state, consents: newestConsents(state.consents, consents) };
    }
    case 'merged':
      return merge(state, event.other);
    case 'entered': {
      const { instanceId, journeyId, version, enteredFor } = event;
      const entered: JourneyInstance = { instanceId, journeyId, version, status: 'running', enteredFor, waiting: null };
      return { ...state, instances: ordered([...state.instances, entered]) };
    }
    case 'waiting':
      return changed(state, event.instanceId, {
        waiting: { stepId: event.stepId, timerId: event.timerId, dueAt: event.dueAt },
      });
    case 'exited':
    case 'completed':
      return changed(state, event.instanceId, { status: event.kind, waiting: null });
    case 'entry-refused':
    case 'message-requested':
    case 'message-withheld':
      return state;
  }
}

function at(state: JourneyPerson, now: number): JourneyPerson {
  return { ...state, clock: Math.max(state.clock, now) };
}

function merge(a: JourneyPerson, b: JourneyPerson): JourneyPerson {
  const known = new Set(a.instances.map(({ instanceId }) => instanceId));
  return {
    clock: Math.max(a.clock, b.clock),
    lastEventAt: newestTimes(a.lastEventAt, b.lastEventAt),
    consents: newestConsents(a.consents, b.consents),
    instances: ordered([...a.instances, ...b.instances.filter(({ instanceId }) => !known.has(instanceId))]),
  };
}

function changed(state: JourneyPerson, instanceId: string, change: Partial<JourneyInstance>): JourneyPerson {
  const instances = state.instances.map((instance) =>
    instance.instanceId === instanceId ? { ...instance, ...change } : instance,
  );
  return { ...state, instances: ordered(instances) };
}

function ordered(instances: readonly JourneyInstance[]): readonly JourneyInstance[] {
  const sorted = [...instances].sort((a, b) => a.enteredFor - b.enteredFor || (a.instanceId < b.instanceId ? -1 : 1));
  const excess = sorted.filter(({ status }) => status !== 'running').length - endedKept;
  if (excess <= 0) return sorted;
  const forgotten = new Set(sorted.filter(({ status }) => status !== 'running').slice(0, excess));
  return sorted.filter((instance) => !forgotten.has(instance));
}

type Times = Readonly<Record<string, number>>;

function newestTimes(a: Times, b: Times): Times {
  const times = new Map(Object.entries(a));
  for (const [event, time] of Object.entries(b)) times.set(event, Math.max(time, times.get(event) ?? time));
  return Object.fromEntries(times);
}

type Consents = Readonly<Record<string, Consent>>;

function newestConsents(a: Consents, b: Consents): Consents {
  const consents = new Map(Object.entries(a));
  for (const [key, consent] of Object.entries(b)) {
    const known = consents.get(key);
    if (known === undefined || isNewer(consent, known)) consents.set(key, consent);
  }
  return Object.fromEntries(consents);
}

/** Of two of the same time the withdrawal counts: when in doubt, be silent. */
function isNewer(a: Consent, b: Consent): boolean {
  return a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.status === 'withdrawn');
}
