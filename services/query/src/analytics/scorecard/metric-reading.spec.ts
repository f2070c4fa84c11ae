import { Temporal } from 'temporal-polyfill';
import { readMetric, type LabelledReading, type MetricReading } from './metric-reading.js';
import type { MetricDefinition } from './scorecard-definition.js';

const definition: MetricDefinition = {
  ...{ id: 'orders', name: 'Orders', layer: 'revenue', unit: 'count', good: 'up', kind: 'lagging' },
  ...{ definition: 'Orders', owner: 'Commerce', action: 'Look', target: '+10%', baselineDays: 90 },
};
const of = (start: string, value: number | null, label = '', base = value ?? 0): LabelledReading => ({
  ...{ start, value, base, metric: 'orders', label },
});
/** One figure a month from `first` on. */
const months = (first: string, values: readonly (number | null)[], label = ''): LabelledReading[] =>
  values.map((value, month) => of(String(Temporal.PlainDate.from(first).add({ months: month })), value, label));
const read = (
  readings: readonly LabelledReading[],
  start: string,
  overrides: Partial<MetricDefinition> = {},
): MetricReading => readMetric({ ...definition, ...overrides }, 'monthly', Temporal.PlainDate.from(start), readings);

describe('the baseline of a metric', () => {
  // January to March begin within 90 days of 1 January; April does not.
  const year = months('2023-01-01', [10, 20, 30, 99, 99]);

  it('is the mean of the periods that begin within the first days', () => {
    expect(read(year, '2023-05-01').baseline).toBe(20);
    expect(read(year, '2023-05-01', { baselineDays: 30 }).baseline).toBe(10);
  });

  it('begins with the first figure that rests on something', () => {
    expect(read(months('2023-01-01', [0, null, 10, 0, 20, 99]), '2023-06-01').baseline).toBe(10);
  });

  it('does not begin with a stray from long ago, but holds what pauses for less', () => {
    const stray = months('2020-01-01', [1, ...Array<number>(35).fill(0), 10, 20, 30, 99]);
    expect(read(stray, '2023-04-01').baseline).toBe(20);
    expect(read(months('2023-01-01', [9, 0, 30, 99]), '2023-04-01').baseline).toBe(13);
  });

  it('is the first figure where periods are longer than its days, and where there is only one', () => {
    expect(read([of('2023-01-01', 10), of('2023-04-01', 50)], '2023-04-01').baseline).toBe(10);
    expect(read(months('2020-01-01', [7]), '2020-01-01').baseline).toBe(7);
  });

  it('is none without a figure, and of nothing but zeros no change is a target', () => {
    expect(read([], '2023-01-01')).toMatchObject({ baseline: null, target: null, status: 'unknown' });
    expect(read(months('2023-01-01', [0, 0]), '2023-02-01')).toMatchObject({
      baseline: 0,
      target: null,
      status: 'unknown',
    });
  });
});

describe('the target of a metric', () => {
  const year = months('2023-01-01', [100, 100, 100, 110, 109]);

  it('is a change of the baseline, or a figure', () => {
    expect(read(year, '2023-04-01')).toMatchObject({ target: 110, status: 'on target' });
    expect(read(year, '2023-05-01')).toMatchObject({ target: 110, status: 'off target' });
    expect(read(year, '2023-05-01', { target: 105 })).toMatchObject({ target: 105, status: 'on target' });
  });

  it('is reached from above where less is better', () => {
    const fewer = { good: 'down', target: '-10%' } as const;
    expect(read(months('2023-01-01', [10, 10, 10, 9]), '2023-04-01', fewer).status).toBe('on target');
    expect(read(year, '2023-05-01', fewer)).toMatchObject({ target: 90, status: 'off target' });
  });

  it('lies above a baseline below zero: of -20, +10% is -18', () => {
    const losses = [of('2023-01-01', -20, '', 5)];
    expect(read(losses, '2023-01-01')).toMatchObject({ baseline: -20, target: -18, status: 'off target' });
  });

  it('is unknown in a period without a figure', () => {
    expect(read(months('2023-01-01', [10, null]), '2023-02-01')).toMatchObject({ target: 11, status: 'unknown' });
  });
});

describe('the parts of a metric', () => {
  it('have a baseline and a target of their own, and the metric is off target as soon as one is', () => {
    const readings = [
      ...months('2023-01-01', [10, 10, 10, 12], 'google'),
      ...months('2023-01-01', [40, 40, 40, 40], 'email'),
      ...months('2022-01-01', [5], 'gone'),
    ];
    const april = read(readings, '2023-04-01');
    expect(april.parts).toEqual([
      { label: 'email', value: 40, base: 40, baseline: 40, target: 44, status: 'off target' },
      { label: 'google', value: 12, base: 12, baseline: 10, target: 11, status: 'on target' },
    ]);
    expect(april.status).toBe('off target');
    expect(read(readings, '2023-04-01', { target: '-10%' }).status).toBe('on target');
  });
});
