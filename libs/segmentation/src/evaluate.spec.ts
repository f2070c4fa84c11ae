import { conditionFrom, evaluate, nothingKnown, withOccurrence } from './index.js';

const day = 86_400_000;
const order = 'Order Completed';
const bought = (...times: readonly number[]) =>
  times.reduce((state, at) => withOccurrence(state, order, at), nothingKnown);
const once = conditionFrom({ performed: { event: order, times: { exactly: 1 } } });
const lapsed = conditionFrom({
  all: [{ performed: { event: order } }, { not_performed: { event: order, within: '90 days' } }],
});

describe('laws of the evaluator', () => {
  it('an empty all holds, an empty any does not', () => {
    expect(evaluate({ kind: 'all', of: [] }, nothingKnown, 0).member).toBe(true);
    expect(evaluate({ kind: 'any', of: [] }, nothingKnown, 0).member).toBe(false);
  });

  it('not turns the answer around and keeps the time of the next change', () => {
    const within = conditionFrom({ performed: { event: order, within: '1 day' } });
    expect(evaluate(within, bought(0), 1)).toEqual({ member: true, nextChangeAt: day });
    expect(evaluate({ kind: 'not', of: within }, bought(0), 1)).toEqual({ member: false, nextChangeAt: day });
  });

  it('a condition stated twice means the same as once', () => {
    expect(evaluate({ kind: 'all', of: [once, once] }, bought(0), 1)).toEqual(evaluate(once, bought(0), 1));
  });

  it('what is not known was not done', () => {
    expect(evaluate(once, nothingKnown, 5).member).toBe(false);
    expect(evaluate(conditionFrom({ performed: { event: 'toString' } }), nothingKnown, 5).member).toBe(false);
    expect(evaluate(conditionFrom({ performed: { event: '__proto__' } }), nothingKnown, 5).member).toBe(false);
    expect(evaluate(conditionFrom({ not_performed: { event: order } }), nothingKnown, 5).member).toBe(true);
  });
});

describe('performed, so many times', () => {
  it.each([
    [{ exactly: 2 }, [false, false, true, false]],
    [{ at_least: 2 }, [false, false, true, true]],
    [{ at_most: 1 }, [true, true, false, false]],
    [{ at_least: 1, at_most: 2 }, [false, true, true, false]],
  ])('%j', (times, answers) => {
    const condition = conditionFrom({ performed: { event: order, times } });
    const counts = [[], [1], [1, 2], [1, 2, 3]];
    expect(counts.map((at) => evaluate(condition, bought(...at), 10).member)).toEqual(answers);
  });
});

describe('lapsed for 90 days', () => {
  it('is nobody who never bought', () => {
    expect(evaluate(lapsed, nothingKnown, 1000 * day)).toEqual({ member: false, nextChangeAt: undefined });
  });

  it('begins exactly 90 days after the last order and says so before', () => {
    const state = bought(5 * day, 10 * day);
    expect(evaluate(lapsed, state, 100 * day - 1)).toEqual({ member: false, nextChangeAt: 100 * day });
    expect(evaluate(lapsed, state, 100 * day)).toEqual({ member: true, nextChangeAt: undefined });
  });

  it('counts by event time: an old order that arrives late changes nothing', () => {
    expect(evaluate(lapsed, bought(10 * day, 2 * day), 50 * day)).toEqual(evaluate(lapsed, bought(10 * day), 50 * day));
  });
});
