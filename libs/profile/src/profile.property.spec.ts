import fc from 'fast-check';
import type { OpenedTouchpoint, TouchpointContent } from '@rapport/events';
import {
  evolve,
  initialState,
  merge,
  mergeOrders,
  noOrder,
  orderOf,
  type ProfileFact,
  type ProfileState,
} from './index.js';

const time = fc.integer({ min: 0, max: 5 });
const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const text = fc.constantFrom('x', 'y', 'z');
const position = fc.record({ partition: fc.integer({ min: 0, max: 2 }), offset: fc.integer({ min: 0, max: 1_000 }) });

const content: fc.Arbitrary<TouchpointContent> = fc.record(
  {
    userId: fc.integer({ min: 0, max: 30 }).map(String),
    anonymousId: fc.integer({ min: 0, max: 30 }).map(String),
    traits: fc.dictionary(name, text, { maxKeys: 3 }),
    properties: fc.record({
      order_id: fc.constantFrom('o1', 'o2'),
      total: fc.option(fc.integer({ min: -5, max: 100 }), { nil: null }),
      currency: fc.constantFrom('EUR', 'GBP', 'nonsense'),
      purpose: text,
    }),
  },
  { requiredKeys: [] },
);

const touchpoint: fc.Arbitrary<OpenedTouchpoint> = fc
  .record({
    timestamp: time,
    receivedAt: time,
    position,
    content: fc.option(content, { nil: undefined }),
    call: fc.constantFrom(
      ['identify', null],
      ['page', null],
      ...['Order Completed', 'Order Refunded', 'Consent Granted', 'Consent Withdrawn', 'Unsubscribed'].map(
        (event) => ['track', event] as const,
      ),
    ),
  })
  .map(({ timestamp, receivedAt, position: { partition, offset }, content: opened, call: [type, event] }) => ({
    workspaceId: 'shop',
    sourceId: 'web',
    messageId: `${partition}/${offset}`,
    type: type as OpenedTouchpoint['type'],
    event: event ?? null,
    subjectId: 's',
    keyId: 'k',
    timestamp,
    originalTimestamp: null,
    sentAt: null,
    receivedAt,
    flags: [],
    imported: false,
    profileId: 'p',
    loneProfileId: 'p',
    logPartition: partition,
    logOffset: offset,
    content: opened,
  }));

const fact: fc.Arbitrary<ProfileFact> = fc.oneof(
  { weight: 4, arbitrary: touchpoint.map((value): ProfileFact => ({ name: 'profile-touchpoint', value })) },
  fc
    .tuple(name, fc.constantFrom('entered' as const, 'exited' as const), time, position)
    .map(([segmentId, change, decidedAt, at]): ProfileFact => ({
      name: 'membership-changed',
      position: at,
      value: {
        workspaceId: 'shop',
        profileId: 'p',
        segmentId,
        change,
        timestamp: at.offset,
        decidedAt,
        causeId: '',
        imported: false,
        rearranged: false,
      },
    })),
  fc.tuple(name, time, position).map(([scoreId, computedAt, at]): ProfileFact => ({
    name: 'score-changed',
    position: at,
    value: {
      workspaceId: 'shop',
      profileId: 'p',
      scoreId,
      value: at.offset,
      components: {},
      computedAt,
      causeId: '',
    },
  })),
);

/** Facts as the log holds them: one a position. */
const facts = fc.uniqueArray(fact, { maxLength: 60, selector: positionOf });

function positionOf(one: ProfileFact): string {
  return one.name === 'profile-touchpoint'
    ? `touchpoints ${one.value.logPartition} ${one.value.logOffset}`
    : `${one.name} ${one.position.partition} ${one.position.offset}`;
}

const fold = (some: readonly ProfileFact[]): ProfileState => some.reduce(evolve, initialState);

const shuffledFacts = facts.chain((some) =>
  fc.tuple(
    fc.constant(some),
    fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: some.length, maxLength: some.length }),
  ),
);

describe('the state of a profile', () => {
  it('is the same for any order of its facts, any split into merged profiles, and any repetition', () => {
    fc.assert(
      fc.property(shuffledFacts, ([some, shuffled, parts]) => {
        const expected = fold(some);
        expect(fold(shuffled)).toEqual(expected);
        expect(fold([...some, ...shuffled])).toEqual(expected);
        const states = [0, 1, 2, 3].map((part) => fold(some.filter((_, i) => parts[i] === part)));
        expect(states.reduce(merge)).toEqual(expected);
        expect([...states].reverse().reduce((a, b) => merge(b, a))).toEqual(expected);
        expect(merge(expected, expected)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps orders the same way', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(touchpoint, { maxLength: 20, selector: ({ messageId }) => messageId }),
        fc.infiniteStream(fc.nat()),
        (touchpoints, keys) => {
          const orders = touchpoints.flatMap((one) => orderOf(one)?.state ?? []);
          const expected = orders.reduce(mergeOrders, noOrder);
          const shuffled = orders
            .map((order) => ({ order, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ order }) => order);
          expect(shuffled.reduce(mergeOrders, noOrder)).toEqual(expected);
          expect([...orders, ...shuffled].reduce(mergeOrders, noOrder)).toEqual(expected);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
