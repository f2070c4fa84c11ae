import {
  decide,
  evolve,
  initialState,
  journeyFrom,
  mergeParts,
  type Facts,
  type JourneyEvent,
  type JourneyInput,
  type JourneyPerson,
} from './index.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const noon = 20_000 * day;
const journey = journeyFrom({
  id: 'after-first-order',
  version: 1,
  name: 'After the first order',
  entry: { segment: 'first-time-buyers' },
  exit_on: [{ event: 'Order Completed', reason: 'next-order' }],
  steps: [
    { id: 'two-hours', wait: '2 hours', after: 'entry' },
    { id: 'invitation', send: { channel: 'email', template: 'second-order-invitation', purpose: 'marketing' } },
  ],
});
/** As the rules of consent would say it of these statements, which one profile made. */
const refusal: Facts['refusal'] = ({ consents }) =>
  Object.values(consents).some(({ purpose, status }) => purpose !== 'newsletter' && status === 'withdrawn')
    ? 'consent-withdrawn'
    : undefined;
const reachable: Facts = { address: 'known', refusal };

const enteredSegment = (
  timestamp: number,
  { decidedAt = timestamp, causeId = 'm1', profileId = 'p', imported = false, rearranged = false } = {},
): JourneyInput => ({
  kind: 'segment-entered',
  profileId,
  segmentId: 'first-time-buyers',
  timestamp,
  decidedAt,
  causeId,
  imported,
  rearranged,
});
const ordered = (messageId: string, timestamp: number, receivedAt = timestamp): JourneyInput => ({
  kind: 'performed',
  profileId: 'p',
  event: 'Order Completed',
  timestamp,
  receivedAt,
  messageId,
  imported: false,
});
const consent = (status: 'granted' | 'withdrawn', timestamp: number, purpose = 'marketing'): JourneyInput => ({
  kind: 'consent-recorded',
  consent: {
    loneProfileId: 'p',
    purpose,
    channel: 'email',
    status,
    lawfulBasis: 'consent',
    textVersion: null,
    expiresAt: null,
    settles: [],
    at: [timestamp, timestamp, 0, 0],
  },
});

function step(state: JourneyPerson, input: JourneyInput, facts = reachable): JourneyPerson {
  return [input, ...decide([journey], state, input, facts)].reduce<JourneyPerson>(evolve, state);
}

function given(...past: readonly JourneyInput[]) {
  const state = past.reduce((person, input) => step(person, input), initialState);
  return {
    state,
    when: (input: JourneyInput, facts = reachable): readonly JourneyEvent[] => decide([journey], state, input, facts),
    timerFires: (lateBy = 0): JourneyInput => {
      const waiting = state.instances.find(({ status }) => status === 'running')?.waiting;
      if (!waiting) throw new Error('nobody waits');
      return { kind: 'timer-fired', timerId: waiting.timerId, dueAt: waiting.dueAt, firedAt: waiting.dueAt + lateBy };
    },
  };
}

describe('entering', () => {
  it('begins with a wait from the event time of the order', () => {
    const events = given().when(enteredSegment(noon, { decidedAt: noon + 5 * minute }));
    expect(events).toMatchObject([
      { kind: 'entered', enteredFor: noon, decidedAt: noon + 5 * minute, causeId: 'm1' },
      { kind: 'waiting', stepId: 'two-hours', dueAt: noon + 2 * hour },
    ]);
  });

  it('by an order of today that is older than the wait is due at once, and still waits for its timer', () => {
    const events = given().when(enteredSegment(noon, { decidedAt: noon + 8 * hour }));
    expect(events.map(({ kind }) => kind)).toEqual(['entered', 'waiting']);
    expect(events[1]).toMatchObject({ dueAt: noon + 2 * hour });
  });

  it('is allowed for what is exactly a day old and refused for anything older', () => {
    expect(given().when(enteredSegment(noon, { decidedAt: noon + day }))[0]).toMatchObject({ kind: 'entered' });
    expect(given().when(enteredSegment(noon, { decidedAt: noon + day + 1 }))).toMatchObject([
      { kind: 'entry-refused', reason: 'too-old' },
    ]);
  });

  it('is refused where a merge or a split let the person into the segment', () => {
    expect(given().when(enteredSegment(noon, { rearranged: true }))).toMatchObject([
      { kind: 'entry-refused', reason: 'rearranged' },
    ]);
  });

  it('is refused for imported history, however new', () => {
    expect(given().when(enteredSegment(noon, { imported: true }))).toMatchObject([
      { kind: 'entry-refused', reason: 'imported' },
    ]);
  });

  it('is refused while the person is inside already', () => {
    expect(given(enteredSegment(noon)).when(enteredSegment(noon + minute, { causeId: 'm2' }))).toMatchObject([
      { kind: 'entry-refused', reason: 'already-running' },
    ]);
  });

  it('happens once for one cause: nothing happens the second time, while inside and after', () => {
    const inside = given(enteredSegment(noon));
    expect(inside.when(enteredSegment(noon))).toEqual([]);
    expect(given(enteredSegment(noon), inside.timerFires()).when(enteredSegment(noon))).toEqual([]);
  });

  it('does not happen for another segment', () => {
    const other = { ...enteredSegment(noon), segmentId: 'lapsed-90-days' } as JourneyInput;
    expect(given().when(other)).toEqual([]);
  });
});

describe('the message', () => {
  it('is requested when the wait is over', () => {
    const inside = given(enteredSegment(noon));
    expect(inside.when(inside.timerFires())).toMatchObject([
      { kind: 'message-requested', stepId: 'invitation', channel: 'email', templateId: 'second-order-invitation' },
      { kind: 'completed' },
    ]);
  });

  it('is requested once when the timer fires twice', () => {
    const inside = given(enteredSegment(noon));
    expect(given(enteredSegment(noon), inside.timerFires()).when(inside.timerFires())).toEqual([]);
  });

  it('has the same id whenever it is computed', () => {
    const ids = [0, 1].map(() => {
      const inside = given(enteredSegment(noon));
      return inside.when(inside.timerFires()).find(({ kind }) => kind === 'message-requested');
    });
    expect(ids[0]).toEqual(ids[1]);
  });

  it.each([
    ['no-address', { address: 'unknown', refusal }],
    ['erased', { address: 'erased', refusal }],
  ] as const)('is withheld: %s', (reason, facts) => {
    const inside = given(enteredSegment(noon));
    expect(inside.when(inside.timerFires(), facts)).toMatchObject([
      { kind: 'message-withheld', stepId: 'invitation', reason },
      { kind: 'completed' },
    ]);
  });

  it('is withheld when the timer fires more than a day late', () => {
    const inside = given(enteredSegment(noon));
    expect(inside.when(inside.timerFires(day))[0]).toMatchObject({ kind: 'message-requested' });
    expect(inside.when(inside.timerFires(day + 1))[0]).toMatchObject({ kind: 'message-withheld', reason: 'too-late' });
  });

  it.each([
    ['withdrawn', [consent('withdrawn', 5)], 'message-withheld'],
    ['granted again later', [consent('withdrawn', 5), consent('granted', 6)], 'message-requested'],
    ['granted, read after a later withdrawal', [consent('withdrawn', 6), consent('granted', 5)], 'message-withheld'],
    ['granted and withdrawn at one moment', [consent('withdrawn', 5), consent('granted', 5)], 'message-withheld'],
    ['withdrawn for all purposes', [consent('withdrawn', 5, 'all')], 'message-withheld'],
    ['withdrawn for another purpose', [consent('withdrawn', 5, 'newsletter')], 'message-requested'],
  ] as const)('with consent %s', (_, consents, kind) => {
    const inside = given(enteredSegment(noon), ...consents);
    expect(inside.when(inside.timerFires())[0]).toMatchObject({ kind });
  });
});

describe('the next order', () => {
  it('ends the passage, and its timer finds nobody waiting', () => {
    const inside = given(enteredSegment(noon));
    const timer = inside.timerFires();
    const next = ordered('m2', noon + minute);
    expect(inside.when(next)).toMatchObject([{ kind: 'exited', reason: 'next-order', causeId: 'm2' }]);
    expect(given(enteredSegment(noon), next).when(timer)).toEqual([]);
  });

  it('ends the passage too when it is read before the entry', () => {
    expect(given(ordered('m2', noon + minute)).when(enteredSegment(noon))).toMatchObject([
      { kind: 'entered' },
      { kind: 'exited', reason: 'next-order' },
    ]);
  });

  it('is not the order that let the person in, nor an older one that arrives late: nothing happens', () => {
    expect(given(enteredSegment(noon)).when(ordered('m1', noon, noon + minute))).toEqual([]);
    expect(given(enteredSegment(noon)).when(ordered('m0', noon - day, noon + minute))).toEqual([]);
  });
});

describe('a merge while waiting', () => {
  const merged = (one: JourneyPerson, other: JourneyPerson): JourneyInput => ({
    kind: 'rearranged',
    person: mergeParts(one, other),
    causeId: 'merge',
  });

  it('lets the survivor go on in the passage of the other: nothing happens, and the timer finds them', () => {
    const other = given(enteredSegment(noon, { profileId: 'anonymous' }));
    expect(given().when(merged(initialState, other.state))).toEqual([]);
    expect(given(merged(initialState, other.state)).when(other.timerFires())[0]).toMatchObject({
      kind: 'message-requested',
    });
  });

  it('leaves one passage of a journey running, whichever of the two survives', () => {
    const first = given(enteredSegment(noon, { profileId: 'a' })).state;
    const second = given(enteredSegment(noon + minute, { profileId: 'b', causeId: 'm2' })).state;
    const running = (person: JourneyPerson) => person.instances.filter(({ status }) => status === 'running');
    for (const [survivor, other] of [
      [first, second],
      [second, first],
    ] as const) {
      expect(decide([journey], survivor, merged(survivor, other), reachable)).toMatchObject([
        { kind: 'exited', reason: 'merged' },
      ]);
      expect(running(step(survivor, merged(survivor, other)))).toEqual(running(first));
    }
  });

  it('ends the passage when the other has ordered since', () => {
    const inside = given(enteredSegment(noon));
    const other = given(ordered('m2', noon + minute)).state;
    expect(inside.when(merged(inside.state, other))).toMatchObject([{ kind: 'exited', reason: 'next-order' }]);
  });
});
