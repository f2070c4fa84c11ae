import fc from 'fast-check';
import { goalProgress, type GoalPlan, type PeriodFigure } from './goal-progress.js';

/** Periods of ten days, from day 0. */
const figures = (...values: readonly (number | null)[]): PeriodFigure[] =>
  values.map((value, at) => ({ start: at * 10, end: at * 10 + 10, value }));
const plan: GoalPlan = { from: 30, by: 69, baseline: { periods: 3 }, target: { change: 0.5 } };

describe('a goal', () => {
  it('is on pace when the figure is on the line from baseline to target', () => {
    // Baseline 10, target 15; half of the time is over, so 12.5; the trend of 11, 12 and... needs three periods.
    expect(goalProgress(figures(9, 10, 11, 11, 12.5), plan, 50)).toEqual({
      ...{ status: 'on pace', baseline: 10, target: 15, current: 12.5, pace: 12.5, forecast: null, progress: 0.5 },
    });
  });

  it('is behind below it, and the forecast goes on with the trend', () => {
    // 10.5, 11, 11.5 at the ends 40, 50, 60: 12 at 70.
    const found = goalProgress(figures(9, 10, 11, 10.5, 11, 11.5), plan, 60);
    expect(found).toMatchObject({ status: 'behind', pace: 13.75 });
    expect(found.forecast).toBeCloseTo(12, 12);
  });

  it('is reached, or missed when its time is over', () => {
    expect(goalProgress(figures(10, 10, 10, 15), plan, 40).status).toBe('reached');
    expect(goalProgress(figures(10, 10, 10, 11, 12, 13, 14), plan, 70)).toMatchObject({
      status: 'missed',
      forecast: 14,
    });
  });

  it('may go down', () => {
    const down: GoalPlan = { ...plan, target: { change: -0.5 } };
    expect(goalProgress(figures(10, 10, 10, 8.7), down, 40)).toMatchObject({ status: 'on pace', target: 5 });
    expect(goalProgress(figures(10, 10, 10, 9), down, 40)).toMatchObject({ status: 'behind' });
  });

  it('does not look into the future, nor at periods without a figure', () => {
    expect(goalProgress(figures(10, null, 10, 12, 99), plan, 40)).toMatchObject({ current: 12, baseline: 10 });
    expect(goalProgress(figures(10, 10, 10, null), plan, 40)).toMatchObject({ status: 'not started', target: 15 });
    expect(goalProgress(figures(null, null, null, 3), plan, 40)).toMatchObject({ status: 'no baseline', target: null });
    expect(goalProgress([], { ...plan, baseline: 0, target: 0 }, 40)).toMatchObject({ status: 'not started' });
  });

  it('is never NaN, and stays within its bounds', () => {
    const values = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 12 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 130 }), (given, asOf) => {
        const { forecast, ...rest } = goalProgress(figures(...given), { ...plan, bounds: [0, 1] }, asOf);
        for (const figure of [forecast, ...Object.values(rest)]) expect(figure).not.toBeNaN();
        if (forecast !== null) expect(forecast >= 0 && forecast <= 1).toBe(true);
      }),
    );
  });
});
