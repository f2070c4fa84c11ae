import {
  decide,
  evolve,
  initialState,
  mergeParts,
  segmentFrom,
  type SegmentDefinition,
  type SegmentEvent,
  type SegmentInput,
  type SegmentedPerson,
} from './index.js';

const day = 86_400_000;
const order = 'Order Completed';
const firstTimeBuyers = segmentFrom({
  id: 'first-time-buyers',
  name: 'First-time buyers',
  when: { performed: { event: order, times: { exactly: 1 } } },
});
const lapsed = segmentFrom({
  id: 'lapsed-90-days',
  name: 'Lapsed',
  when: { all: [{ performed: { event: order } }, { not_performed: { event: order, within: '90 days' } }] },
});

const ordered = (messageId: string, timestamp: number, receivedAt = timestamp): SegmentInput => ({
  kind: 'performed',
  event: order,
  timestamp,
  receivedAt,
  messageId,
  imported: false,
});
const fired = (dueAt: number, firedAt = dueAt): SegmentInput => ({
  kind: 'timer-fired',
  segmentId: 'lapsed-90-days',
  timerId: 't',
  dueAt,
  firedAt,
});

/** The merge of whole persons. */
const merged = (...persons: readonly SegmentedPerson[]): SegmentInput => {
  const { clock, conditions } = persons.reduce(mergeParts);
  const told = persons.map(({ memberships }) => memberships);
  return { kind: 'rearranged', clock, conditions, told, timestamp: 30, messageId: 'merge' };
};

function step(definitions: readonly SegmentDefinition[], state: SegmentedPerson, input: SegmentInput): SegmentedPerson {
  return [input, ...decide(definitions, state, input)].reduce<SegmentedPerson>(evolve, state);
}

function given(definitions: readonly SegmentDefinition[], ...past: readonly SegmentInput[]) {
  const state = past.reduce((person, input) => step(definitions, person, input), initialState);
  return { state, when: (input: SegmentInput): readonly SegmentEvent[] => decide(definitions, state, input) };
}

describe('first-time buyers', () => {
  it('are entered with the first order', () => {
    expect(given([firstTimeBuyers]).when(ordered('m1', 10, 12))).toEqual([
      {
        kind: 'entered',
        segmentId: 'first-time-buyers',
        timestamp: 10,
        decidedAt: 12,
        causeId: 'm1',
        imported: false,
        rearranged: false,
      },
    ]);
  });

  it('are left with the second', () => {
    const events = given([firstTimeBuyers], ordered('m1', 10)).when(ordered('m2', 20));
    expect(events).toMatchObject([{ kind: 'exited', timestamp: 20, causeId: 'm2' }]);
  });

  it('stay as they are with the third: nothing happens', () => {
    expect(given([firstTimeBuyers], ordered('m1', 10), ordered('m2', 20)).when(ordered('m3', 30))).toEqual([]);
  });

  it('are left when two persons with one order each turn out to be one', () => {
    const other = given([firstTimeBuyers], ordered('m2', 20)).state;
    const events = given([firstTimeBuyers], ordered('m1', 10)).when(merged(other, given([], ordered('m1', 10)).state));
    expect(events).toMatchObject([
      { kind: 'exited', segmentId: 'first-time-buyers', causeId: 'merge', rearranged: true },
    ]);
  });

  it('are not entered again by a merge with a person who never bought: nothing happens', () => {
    const other = given([firstTimeBuyers], ordered('m2', 20)).state;
    expect(given([firstTimeBuyers]).when(merged(other))).toEqual([]);
    expect(step([firstTimeBuyers], initialState, merged(other)).memberships).toEqual(['first-time-buyers']);
  });
});

describe('a merge and a split', () => {
  const buyer = given([firstTimeBuyers], ordered('m1', 10)).state;

  it('tell the survivor what only the other was told', () => {
    const visitor = given([], {
      ...ordered('m0', 5),
      kind: 'performed',
      event: 'Product Viewed',
    } as SegmentInput).state;
    expect(given([firstTimeBuyers]).when(merged(visitor, buyer))).toMatchObject([
      { kind: 'entered', rearranged: true },
    ]);
  });

  it('tell both sides of a split all that they can have been told before', () => {
    const split = ({ clock, conditions }: SegmentedPerson): SegmentInput => ({
      kind: 'rearranged',
      clock,
      conditions,
      told: undefined,
      timestamp: 40,
      messageId: 'split',
    });
    const twice = given([], ordered('m1', 10), ordered('m2', 20)).state;
    expect(given([firstTimeBuyers]).when(split(buyer))).toMatchObject([{ kind: 'entered', causeId: 'split' }]);
    expect(given([firstTimeBuyers]).when(split(twice))).toMatchObject([{ kind: 'exited', causeId: 'split' }]);
    expect(given([firstTimeBuyers]).when(split(initialState))).toEqual([]);
  });
});

describe('lapsed for 90 days', () => {
  it('waits for a timer after an order', () => {
    expect(given([lapsed]).when(ordered('m1', day))).toEqual([
      { kind: 'timer-set', segmentId: 'lapsed-90-days', dueAt: 91 * day },
    ]);
  });

  it('keeps the pending timer when another order comes: nothing happens', () => {
    expect(given([lapsed], ordered('m1', day)).when(ordered('m2', 2 * day))).toEqual([]);
  });

  it('sets the next timer when the pending one fires too early', () => {
    const events = given([lapsed], ordered('m1', day), ordered('m2', 2 * day)).when(fired(91 * day));
    expect(events).toEqual([{ kind: 'timer-set', segmentId: 'lapsed-90-days', dueAt: 92 * day }]);
  });

  it('is entered when the timer fires, at the time it was due', () => {
    const events = given([lapsed], ordered('m1', day)).when(fired(91 * day, 91 * day + 5));
    expect(events).toMatchObject([{ kind: 'entered', timestamp: 91 * day, decidedAt: 91 * day + 5 }]);
  });

  it('is entered once when the timer fires twice', () => {
    expect(given([lapsed], ordered('m1', day), fired(91 * day)).when(fired(91 * day))).toEqual([]);
  });

  it('is entered at once by history, with the time of the history', () => {
    const events = given([lapsed]).when({
      ...ordered('m1', day, 500 * day),
      kind: 'performed',
      imported: true,
    } as SegmentInput);
    expect(events).toMatchObject([{ kind: 'entered', timestamp: day, decidedAt: 500 * day, imported: true }]);
  });

  it('is left by the next order, which starts the wait anew', () => {
    const events = given([lapsed], ordered('m1', day), fired(91 * day)).when(ordered('m2', 100 * day));
    expect(events).toMatchObject([{ kind: 'exited' }, { kind: 'timer-set', dueAt: 190 * day }]);
  });

  it('is not left because an older input is read after the timer: a clock never goes back', () => {
    const events = given([lapsed], ordered('m1', day), fired(91 * day)).when(ordered('late', day - 5, 91 * day - 1));
    expect(events).toEqual([]);
  });
});

describe('a definition that is taken away', () => {
  it('ends its memberships at the next input', () => {
    const { state } = given([firstTimeBuyers], ordered('m1', 10));
    expect(decide([], state, ordered('m2', 20))).toMatchObject([{ kind: 'exited', segmentId: 'first-time-buyers' }]);
  });
});
