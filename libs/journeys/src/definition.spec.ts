import {
  decide,
  eventsUsedBy,
  evolve,
  faultsOf,
  initialState,
  journeyFrom,
  segmentsUsedBy,
  type JourneyFile,
  type JourneyInput,
  type JourneyPerson,
} from './index.js';

const file: JourneyFile = {
  id: 'welcome',
  version: 1,
  name: 'Welcome',
  entry: { event: 'Signed Up' },
  exit_on: [{ event: 'Order Completed', reason: 'ordered' }],
  steps: [
    { id: 'first', wait: '1 hour' },
    { id: 'second', wait: '1 hour' },
    { id: 'hello', send: { channel: 'email', template: 'hello', purpose: 'service' } },
  ],
};
const first = journeyFrom(file);
const second = journeyFrom({ ...file, version: 2, applies_from: '2026-01-01T00:00:00Z', steps: file.steps.slice(2) });
const signedUp = (receivedAt: number): JourneyInput => ({
  kind: 'performed',
  profileId: 'p',
  event: 'Signed Up',
  timestamp: receivedAt,
  receivedAt,
  messageId: 'm1',
  imported: false,
});
const known = { address: 'known', refusal: () => undefined } as const;

describe('versions of a journey', () => {
  const change = Date.parse('2026-01-01T00:00:00Z');

  it('let in by log time: what was decided before the newer one applied goes by the older one', () => {
    expect(decide([first, second], initialState, signedUp(change - 1), known)[0]).toMatchObject({ version: 1 });
    expect(decide([first, second], initialState, signedUp(change), known)[0]).toMatchObject({ version: 2 });
  });

  it('stay with who is inside', () => {
    const inside = [signedUp(change - 1), ...decide([first, second], initialState, signedUp(change - 1), known)];
    const state = inside.reduce<JourneyPerson>(evolve, initialState);
    const waiting = state.instances[0]?.waiting;
    expect(waiting).toMatchObject({ stepId: 'first', dueAt: change - 1 + 3_600_000 });
    const timer: JourneyInput = {
      kind: 'timer-fired',
      timerId: waiting?.timerId ?? '',
      dueAt: waiting?.dueAt ?? 0,
      firedAt: waiting?.dueAt ?? 0,
    };
    expect(decide([first, second], state, timer, known)).toMatchObject([
      { kind: 'waiting', version: 1, stepId: 'second' },
    ]);
    expect(decide([second], state, timer, known)).toMatchObject([{ kind: 'exited', reason: 'definition-missing' }]);
  });
});

describe('what a set of journeys needs to read', () => {
  it('is their events and segments', () => {
    expect([...eventsUsedBy([first])].sort()).toEqual(['Order Completed', 'Signed Up']);
    expect(segmentsUsedBy([first, journeyFrom({ ...file, entry: { segment: 's' } })])).toEqual(new Set(['s']));
  });
});

describe('faults a schema cannot find', () => {
  it('are none in a sound set', () => {
    expect(faultsOf([first, second], ['service'])).toEqual([]);
  });

  it.each([
    ['a version defined twice', [file, file], /has a version 1 already; give this one the next number/],
    ['a second version without its time', [{ ...file, version: 2 }], /add the time from which entries go by it/],
    [
      'a step id used twice',
      [{ ...file, steps: [...file.steps, ...file.steps.slice(0, 1)] }],
      /another step has the id "first"/,
    ],
    ['a time that is none', [{ ...file, applies_from: 'soon' }], /is no date; write/],
  ] as const)('name %s', (_, files, fault) => {
    expect(faultsOf(files.map(journeyFrom), ['service'])).toEqual([
      expect.objectContaining({ message: expect.stringMatching(fault) }),
    ]);
  });
});
