import fc from 'fast-check';
import { stageAt, stageHistory } from './evaluate-stage.js';
import type { LifecycleFacts } from './lifecycle-facts.js';
import { stageFrom } from './stage.js';

const day = 86_400_000;
const stages = [
  {
    id: 'reactivated',
    because: 'came back',
    when: { all: [{ returned_after: '100 days' }, { last_order: { within: '20 days' } }] },
  },
  {
    id: 'loyal',
    because: 'three orders',
    when: { all: [{ orders: { at_least: 3 } }, { last_order: { within: '30 days' } }] },
  },
  { id: 'new-customer', because: 'first order', when: { first_order: { within: '10 days' } } },
  {
    id: 'active',
    because: 'recent',
    when: { any: [{ last_order: { within: '30 days' } }, { subscription: 'active' }] },
  },
  {
    id: 'at-risk',
    because: 'not recent',
    when: {
      any: [
        { subscription: 'past-due' },
        { all: [{ last_order: { not_within: '30 days' } }, { last_order: { within: '60 days' } }] },
      ],
    },
  },
  {
    id: 'lapsed',
    because: 'long ago',
    when: { all: [{ last_order: { not_within: '60 days' } }, { last_order: { within: '90 days' } }] },
  },
  { id: 'churned', because: 'gone', when: { any: [{ orders: { at_least: 1 } }, { subscription: 'cancelled' }] } },
  { id: 'prospect', because: 'looked', when: { performed: ['Product Added'] } },
  { id: 'lead', because: 'known', when: { identified: true } },
  { id: 'anonymous', because: 'a device', when: { all: [] } },
] as const;
const compiled = stages.map((stage) => stageFrom(stage));

const orders = (...days: number[]): LifecycleFacts => ({
  orders: days.toSorted((a, b) => b - a).map((at) => [`o${at}`, at * day] as const),
});
const subscription = (...moments: [kind: 'started' | 'payment-failed' | 'renewed' | 'cancelled', at: number][]) => ({
  subscriptions: moments
    .map(([kind, at]) => ({ id: 's', kind, at: [at * day, at * day, 0, at] as const }))
    .toSorted((a, b) => b.at[0] - a.at[0]),
});
const at = (facts: LifecycleFacts, now: number) => stageAt(compiled, facts, now * day);

describe('the stage of a relationship', () => {
  it.each([
    ['nothing but a device', {}, 1, 'anonymous', null],
    ['known', { identifiedAt: 0 }, 1, 'lead', null],
    ['a product in the cart', { identifiedAt: 0, performed: { 'Product Added': 0 } }, 1, 'prospect', null],
    ['a first order', orders(1), 1, 'new-customer', 11],
    ['a first order a while ago', orders(1), 11, 'active', 31],
    ['the very moment a period ends', orders(1), 31, 'at-risk', 61],
    ['three orders', orders(1, 5, 9), 9, 'loyal', 39],
    ['none for long', orders(1, 2), 70, 'lapsed', 92],
    ['none for longer', orders(1, 2), 500, 'churned', null],
    ['back after long', orders(1, 2, 150), 151, 'reactivated', 170],
    ['back for a while', orders(1, 2, 150), 170, 'loyal', 180],
    ['a subscription', subscription(['started', 1]), 400, 'active', null],
    ['a subscription whose payment failed', subscription(['started', 1], ['payment-failed', 31]), 32, 'at-risk', null],
    ['a payment that came after all', subscription(['payment-failed', 31], ['renewed', 33]), 34, 'active', null],
    ['a subscription cancelled', subscription(['started', 1], ['cancelled', 31]), 32, 'churned', null],
    ['an order that is yet to come', orders(5), 4, 'anonymous', 5],
  ] as const)('after %s', (_, facts, now, stage, dueAt) => {
    expect(at(facts, now)).toEqual({ stage, dueAt: dueAt === null ? null : dueAt * day });
  });

  it('has a history that tells when and why each one began, and that late facts correct', () => {
    const history = (facts: LifecycleFacts) =>
      stageHistory(compiled, facts, { firstSeenAt: 0, now: 200 * day }).map(({ stage, since }) => [stage, since / day]);
    expect(history({ identifiedAt: 2 * day, ...orders(3, 150) })).toEqual([
      ['anonymous', 0],
      ['lead', 2],
      ['new-customer', 3],
      ['active', 13],
      ['at-risk', 33],
      ['lapsed', 63],
      ['churned', 93],
      ['reactivated', 150],
      ['active', 170],
      ['at-risk', 180],
    ]);
    expect(history(orders(3, 90, 150))).toEqual([
      ['anonymous', 0],
      ['new-customer', 3],
      ['active', 13],
      ['at-risk', 33],
      ['lapsed', 63],
      ['active', 90],
      ['at-risk', 120],
      ['loyal', 150],
      ['at-risk', 180],
    ]);
    expect(stageHistory(compiled, {}, { firstSeenAt: 7, now: 9 })).toEqual([
      { stage: 'anonymous', because: 'a device', since: 7 },
    ]);
  });

  it('changes at no other time than it says, and its history agrees with it at every time', () => {
    const days = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 6 });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 200 }), (some, now, later) => {
        const facts = orders(...new Set(some));
        const { stage, dueAt } = at(facts, now) ?? { stage: '', dueAt: null };
        const until = now + later;
        if (dueAt === null || until * day < dueAt) expect(at(facts, until)?.stage).toBe(stage);
        const last = stageHistory(compiled, facts, { firstSeenAt: 0, now: now * day }).at(-1);
        expect(last?.stage).toBe(stage);
      }),
      { numRuns: 2_000 },
    );
  });
});
