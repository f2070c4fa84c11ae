import { parseDays, periodOf } from './period.js';

describe('a period', () => {
  it.each([
    ['2010', '2010-01-01', '2011-01-01'],
    ['2010-11', '2010-11-01', '2010-12-01'],
    ['2010-Q4', '2010-10-01', '2011-01-01'],
    ['2010-W01', '2010-01-04', '2010-01-11'],
    ['2020-W53', '2020-12-28', '2021-01-04'],
    ['2024-02-29', '2024-02-29', '2024-03-01'],
    ['2010-11-05/2010-11-06', '2010-11-05', '2010-11-07'],
  ])('%s is from %s up to %s', (text, start, end) => {
    const days = parseDays(text);
    expect([String(days.start), String(days.end)]).toEqual([start, end]);
  });

  it.each(['', 'November', '2010-13', '2010-02-30', '2010-Q5', '2021-W53', '2010-W00', '2010-11-06/2010-11-04'])(
    'is not "%s", and the message says how to write one',
    (text) => {
      expect(() => parseDays(text)).toThrow(/write a month \(2010-11\)/);
    },
  );

  it('is as long as its days are where it lies', () => {
    const march = periodOf(parseDays('2024-03'), 'Europe/Berlin');
    expect(new Date(march.from).toISOString()).toBe('2024-02-29T23:00:00.000Z');
    // The clocks went forward on the 31st.
    expect(new Date(march.to).toISOString()).toBe('2024-03-31T22:00:00.000Z');
  });
});
