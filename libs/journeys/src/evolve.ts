import type {
  Consent,
  JourneyEvent,
  JourneyInput,
  JourneyInstance,
  JourneyPerson,
  Preference,
  SentMessage,
} from './person.js';

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
      const { loneProfileId, purpose, channel } = event.consent;
      const consents = { [`${loneProfileId}/${purpose}/${channel}`]: event.consent };
      return { ...state, consents: newest(state.consents, consents, isNewerConsent) };
    }
    case 'preference-recorded': {
      const { loneProfileId, name } = event.preference;
      const preferences = { [`${loneProfileId}/${name}`]: event.preference };
      return { ...state, preferences: newest(state.preferences, preferences, isNewer) };
    }
    case 'rearranged':
      return event.person;
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
    case 'message-requested': {
      const { deliveryId, instanceId, purpose, channel, decidedAt } = event;
      return { ...state, sent: withSent(state.sent, { deliveryId, instanceId, purpose, channel, at: decidedAt }) };
    }
    case 'entry-refused':
    case 'message-withheld':
      return state;
  }
}

function at(state: JourneyPerson, now: number): JourneyPerson {
  return { ...state, clock: Math.max(state.clock, now) };
}

/** What is remembered of two lone profiles of one person. */
export function mergeParts(a: JourneyPerson, b: JourneyPerson): JourneyPerson {
  return {
    clock: Math.max(a.clock, b.clock),
    lastEventAt: newestTimes(a.lastEventAt, b.lastEventAt),
    consents: newest(a.consents, b.consents, isNewerConsent),
    preferences: newest(a.preferences, b.preferences, isNewer),
    sent: joined(a.sent, b.sent),
    instances: b.instances.reduce((all, instance) => withPassage(all, instance), a.instances),
  };
}

/**
 * Passages with one more, or with more said of one that is among them: of two accounts of a passage that is farther along
 * counts. `placeOf` gives the place of a step in its journey, where that is known.
 */
export function withPassage(
  instances: readonly JourneyInstance[],
  instance: JourneyInstance,
  placeOf: (stepId: string) => number = () => 0,
): readonly JourneyInstance[] {
  const known = instances.find(({ instanceId }) => instanceId === instance.instanceId);
  if (known === undefined) return ordered([...instances, instance]);
  if (!isFartherAlong(instance, known, placeOf)) return instances;
  return ordered(instances.map((each) => (each === known ? instance : each)));
}

function isFartherAlong(a: JourneyInstance, b: JourneyInstance, placeOf: (stepId: string) => number): boolean {
  if (b.status !== 'running') return false;
  if (a.status !== 'running') return true;
  if (a.waiting === null || b.waiting === null) return a.waiting !== null;
  return (placeOf(a.waiting.stepId) - placeOf(b.waiting.stepId) || a.waiting.dueAt - b.waiting.dueAt) > 0;
}

export function withSent(sent: readonly SentMessage[], message: SentMessage): readonly SentMessage[] {
  return joined(sent, [message]);
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

/** Enough to count a year of weekly messages. */
const sentKept = 100;

function joined(a: readonly SentMessage[], b: readonly SentMessage[]): readonly SentMessage[] {
  const byId = new Map([...a, ...b].map((message) => [message.deliveryId, message]));
  return [...byId.values()].sort((x, y) => x.at - y.at || (x.deliveryId < y.deliveryId ? -1 : 1)).slice(-sentKept);
}

function newest<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  isNewerThan: (one: T, known: T) => boolean,
): Readonly<Record<string, T>> {
  const values = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = values.get(key);
    if (known === undefined || isNewerThan(value, known)) values.set(key, value);
  }
  return Object.fromEntries(values);
}

function isNewer({ at: a }: Pick<Preference, 'at'>, { at: b }: Pick<Preference, 'at'>): boolean {
  return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]) > 0;
}

const restriction = { granted: 0, denied: 1, withdrawn: 2 };

/** Of two at the same moment the more restrictive one counts: when in doubt, be silent. */
function isNewerConsent(a: Consent, b: Consent): boolean {
  const order = a.at[0] - b.at[0] || restriction[a.status] - restriction[b.status];
  return order === 0 ? isNewer(a, b) : order > 0;
}
