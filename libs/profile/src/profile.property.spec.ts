import fc from 'fast-check';
import type { OpenedTouchpoint, TouchpointContent } from '@rapport/events';
import {
  evolveBy,
  initialState,
  mergeBy,
  mergeOrders,
  noOrder,
  orderOf,
  profileRulesFrom,
  type ProfileFact,
  type ProfileState,
} from './index.js';

const hour = 3_600_000;
const rules = profileRulesFrom(
  [
    {
      inferred_sources: ['guess'],
      traits: [
        { name: 'a', conflict: 'first' },
        { name: 'b', conflict: 'most-frequent' },
        { name: 'c', conflict: 'source-priority', sources: ['crm', 'web'] },
      ],
      computed_traits: (
        ['count', 'sum', 'average', 'min', 'max', 'first', 'last', 'most-frequent', 'unique-list'] as const
      ).flatMap((each) => [
        { name: each, function: each, event: ['Order Completed', 'Product Viewed'], property: 'total' },
        { name: `${each}-2`, function: each, event: 'Order Completed', property: 'total', window: '1 day' },
      ]),
      lifecycle: {
        stages: [
          { id: 'back', because: '', when: { returned_after: '2 hours' } },
          { id: 'active', because: '', when: { last_order: { within: '2 hours' } } },
          { id: 'paying', because: '', when: { subscription: 'active' } },
          { id: 'lapsed', because: '', when: { last_order: { not_within: '2 hours' } } },
          { id: 'prospect', because: '', when: { performed: 'Product Viewed' } },
          { id: 'lead', because: '', when: { identified: true } },
          { id: 'anonymous', because: '', when: { all: [] } },
        ],
      },
      questions: [{ id: 'q', text: 'Which?', trait: 'b', priority: 1 }],
      engagement: [{ event: 'Unsubscribed', channel: 'email' }],
      interests: [{ event: 'Product Viewed', weight: 2 }],
    },
  ],
  () => 'Europe/Berlin',
);
const evolve = evolveBy(rules);
const merge = mergeBy(rules);

const time = fc.integer({ min: 0, max: 60 }).map((hours) => hours * hour);
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
      category: text,
      product_id: text,
      ticket_id: text,
      subscription_id: text,
      survey: fc.constantFrom('nps', 'csat', 'other'),
      score: fc.integer({ min: 0, max: 10 }),
      owner_id: text,
      question_id: fc.constant('q'),
      answer: text,
    }),
    groupId: text,
    context: fc.record({ campaign: fc.record({ source: text }) }),
  },
  { requiredKeys: [] },
);

const events = [
  ...['Order Completed', 'Order Refunded', 'Consent Granted', 'Consent Withdrawn', 'Unsubscribed', 'Product Viewed'],
  ...['Subscription Started', 'Subscription Cancelled', 'Support Ticket Opened', 'Support Ticket Solved'],
  ...['Survey Responded', 'Owner Assigned', 'Question Asked', 'Question Answered'],
];

const touchpoint: fc.Arbitrary<OpenedTouchpoint> = fc
  .record({
    timestamp: time,
    receivedAt: time,
    position,
    content: fc.option(content, { nil: undefined }),
    sourceId: fc.constantFrom('web', 'crm', 'guess'),
    call: fc.constantFrom(
      ['identify', null],
      ['page', null],
      ['group', null],
      ...events.map((event) => ['track', event] as const),
    ),
  })
  .map(
    ({ timestamp, receivedAt, sourceId, position: { partition, offset }, content: opened, call: [type, event] }) => ({
      workspaceId: 'shop',
      sourceId,
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
    }),
  );

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
  time.map((firedAt): ProfileFact => ({
    name: 'timer-fired',
    value: { workspaceId: 'shop', owner: 'profile', timerId: 't', profileId: 'p', purpose: '', dueAt: 0, firedAt },
  })),
);

/** Facts as the log holds them: one a position. */
const facts = fc.uniqueArray(fact, { maxLength: 60, selector: positionOf });

function positionOf(one: ProfileFact): string {
  if (one.name === 'timer-fired') return `timers ${one.value.firedAt}`;
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
  it('is the same for any order of its facts and any split into merged profiles', () => {
    fc.assert(
      fc.property(shuffledFacts, ([some, shuffled, parts]) => {
        const expected = fold(some);
        expect(fold(shuffled)).toEqual(expected);
        const states = [0, 1, 2, 3].map((part) => fold(some.filter((_, i) => parts[i] === part)));
        expect(states.reduce(merge)).toEqual(expected);
        expect([...states].reverse().reduce((a, b) => merge(b, a))).toEqual(expected);
        expect(merge(expected, initialState)).toEqual(expected);
        expect(JSON.parse(JSON.stringify(expected))).toEqual(expected);
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
