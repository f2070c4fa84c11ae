import fc from 'fast-check';
import {
  decide,
  evaluate,
  evolve,
  initialState,
  mergeConditions,
  mergeParts,
  nothingKnown,
  segmentFrom,
  withOccurrence,
  type Condition,
  type SegmentInput,
  type SegmentedPerson,
} from './index.js';

const definitions = [
  segmentFrom({ id: 'once', name: 'Once', when: { performed: { event: 'a', times: { exactly: 1 } } } }),
  segmentFrom({
    id: 'lapsed',
    name: 'Lapsed',
    when: { all: [{ performed: { event: 'a' } }, { not_performed: { event: 'a', within: '10 seconds' } }] },
  }),
];
const performed = fc
  .record({ event: fc.constantFrom('a', 'b'), timestamp: fc.nat(50_000), delay: fc.nat(20_000) })
  .map(({ event, timestamp, delay }): Omit<Extract<SegmentInput, { kind: 'performed' }>, 'messageId'> => ({
    kind: 'performed',
    event,
    timestamp,
    receivedAt: timestamp + delay,
    imported: false,
  }));
const history = fc
  .array(performed, { maxLength: 12 })
  .map((inputs) => inputs.map((input, i): SegmentInput => ({ ...input, messageId: `m${i}` })));

const step = (state: SegmentedPerson, input: SegmentInput): SegmentedPerson =>
  [input, ...decide(definitions, state, input)].reduce<SegmentedPerson>(evolve, state);
const fold = (inputs: readonly SegmentInput[]) => inputs.reduce(step, initialState);
const known = ({ clock, conditions, memberships }: SegmentedPerson) => ({ clock, conditions, memberships });

const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      kind: fc.constant('performed' as const),
      event: fc.constantFrom('a', 'b'),
      atLeast: fc.nat(3),
      atMost: fc.nat(4),
    }),
    fc.record({
      kind: fc.constant('performed-within' as const),
      event: fc.constantFrom('a', 'b'),
      withinMs: fc.integer({ min: 1, max: 30_000 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('condition'), { maxLength: 3 }),
    }),
  ),
})).condition;

describe('segmentation of a person', () => {
  it('ends the same in whatever order the inputs come', () => {
    fc.assert(
      fc.property(
        history.chain((inputs) =>
          fc.tuple(fc.constant(inputs), fc.shuffledSubarray(inputs, { minLength: inputs.length })),
        ),
        ([inputs, shuffled]) => {
          expect(known(fold(shuffled))).toEqual(known(fold(inputs)));
        },
      ),
    );
  });

  it('ends the same whether two persons were known as one from the start or merged at the end', () => {
    fc.assert(
      fc.property(history, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (inputs, sides) => {
        const one = fold(inputs.filter((_, i) => sides[i]));
        const other = fold(inputs.filter((_, i) => !sides[i]));
        const { clock, conditions } = mergeParts(one, other);
        const told = [one.memberships, other.memberships];
        const input = { kind: 'rearranged', clock, conditions, told, timestamp: 0, messageId: 'merge' } as const;
        const merged = step(one, input);
        expect(known(merged)).toEqual(known(fold(inputs)));
        expect(mergeConditions(one.conditions, other.conditions)).toEqual(
          mergeConditions(other.conditions, one.conditions),
        );
      }),
    );
  });

  it('always has a timer pending no later than the next change by time alone', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(11), { maxLength: 4 }), (inputs, firings) => {
        const pending = new Map<string, number>();
        let person = initialState;
        const take = (input: SegmentInput): void => {
          const events = decide(definitions, person, input);
          for (const event of events) if (event.kind === 'timer-set') pending.set(event.segmentId, event.dueAt);
          person = [input, ...events].reduce<SegmentedPerson>(evolve, person);
        };
        inputs.forEach((input, i) => {
          take(input);
          const dueAt = pending.get('lapsed');
          if (!firings.includes(i) || dueAt === undefined) return;
          pending.delete('lapsed');
          take({ kind: 'timer-fired', segmentId: 'lapsed', timerId: 't', dueAt, firedAt: dueAt });
        });
        for (const { id, when } of definitions) {
          const { nextChangeAt } = evaluate(when, person.conditions, person.clock);
          if (nextChangeAt !== undefined) expect(pending.get(id)).toBeLessThanOrEqual(nextChangeAt);
        }
      }),
    );
  });

  it('evaluates to the same answer at every time before the next change it names', () => {
    fc.assert(
      fc.property(
        condition,
        fc.array(performed, { maxLength: 6 }),
        fc.nat(90_000),
        fc.nat(90_000),
        (when, done, now, later) => {
          const state = done.reduce((s, { event, timestamp }) => withOccurrence(s, event, timestamp), nothingKnown);
          const { member, nextChangeAt } = evaluate(when, state, now);
          const then = now + later;
          if (nextChangeAt === undefined || then < nextChangeAt)
            expect(evaluate(when, state, then).member).toBe(member);
          if (nextChangeAt !== undefined) expect(nextChangeAt).toBeGreaterThan(now);
        },
      ),
    );
  });
});
