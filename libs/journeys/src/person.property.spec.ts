import fc from 'fast-check';
import {
  decide,
  evolve,
  initialState,
  journeyFrom,
  mergeParts,
  type JourneyInput,
  type JourneyPerson,
} from './index.js';

const journey = journeyFrom({
  id: 'j',
  version: 1,
  name: 'J',
  max_age: '1 hour',
  entry: { segment: 's' },
  exit_on: [{ event: 'order', reason: 'next-order' }],
  steps: [
    { id: 'wait', wait: '1 second', after: 'entry' },
    { id: 'send', send: { channel: 'email', template: 't', purpose: 'marketing' } },
  ],
});
const time = fc.nat(10_000);
const input: fc.Arbitrary<JourneyInput> = fc.oneof(
  fc.tuple(time, time, fc.nat(5)).map(([timestamp, delay, cause]): JourneyInput => ({
    kind: 'segment-entered',
    profileId: 'p',
    segmentId: 's',
    timestamp,
    decidedAt: timestamp + delay,
    causeId: `c${cause}`,
    imported: false,
    rearranged: false,
  })),
  fc.tuple(time, time).map(([timestamp, delay]): JourneyInput => ({
    kind: 'performed',
    profileId: 'p',
    event: 'order',
    timestamp,
    receivedAt: timestamp + delay,
    messageId: 'm',
    imported: false,
  })),
  fc
    .tuple(time, fc.constantFrom('granted' as const, 'withdrawn' as const))
    .map(([timestamp, status]): JourneyInput => ({
      kind: 'consent-recorded',
      consent: {
        loneProfileId: 'p',
        purpose: 'marketing',
        channel: 'email',
        status,
        lawfulBasis: 'consent',
        textVersion: null,
        expiresAt: null,
        settles: [],
        at: [timestamp, timestamp, 0, 0],
      },
    })),
);

const facts = { address: 'known', refusal: () => undefined } as const;
const step = (state: JourneyPerson, next: JourneyInput): JourneyPerson =>
  [next, ...decide([journey], state, next, facts)].reduce<JourneyPerson>(evolve, state);
const fold = (inputs: readonly JourneyInput[]) => inputs.reduce(step, initialState);
const merged = (one: JourneyPerson, other: JourneyPerson) =>
  step(one, { kind: 'rearranged', person: mergeParts(one, other), causeId: 'merge' });
const running = ({ instances }: JourneyPerson) => instances.filter(({ status }) => status === 'running');

describe('a person in journeys', () => {
  it('is at most once inside a journey, also after merges, and whoever is inside waits', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 10 }), fc.array(input, { maxLength: 10 }), (one, other) => {
        for (const person of [fold(one), merged(fold(one), fold(other))]) {
          expect(running(person).length).toBeLessThanOrEqual(1);
          expect(running(person).every(({ waiting }) => waiting !== null)).toBe(true);
        }
      }),
    );
  });

  it('has the same passage running whichever of two persons survives their merge', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 10 }), fc.array(input, { maxLength: 10 }), (a, b) => {
        const ab = merged(fold(a), fold(b));
        const ba = merged(fold(b), fold(a));
        const ids = (person: JourneyPerson) => running(person).map(({ instanceId }) => instanceId);
        // The same cause read on both sides is one passage; which side's copy counts does not matter for distinct ones.
        fc.pre(
          new Set([...fold(a).instances, ...fold(b).instances].map((i) => i.instanceId)).size ===
            fold(a).instances.length + fold(b).instances.length,
        );
        expect(ids(ab)).toEqual(ids(ba));
      }),
    );
  });

  it('lets nobody in by a cause that is read a second time', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 10 }), (inputs) => {
        const entries = inputs.filter(({ kind }) => kind !== 'performed');
        const once = fold(entries);
        for (const next of entries) {
          if (next.kind === 'segment-entered') {
            expect(decide([journey], once, next, facts).every(({ kind }) => kind === 'entry-refused')).toBe(true);
          }
        }
      }),
    );
  });
});
