import { parseDuration } from './index.js';

describe('a duration in a definition', () => {
  it.each([
    ['1 second', 1_000],
    ['2 hours', 7_200_000],
    ['1 day', 86_400_000],
    ['90 days', 7_776_000_000],
    ['0 minutes', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['90', 'days', '-1 days', '1.5 hours', '1 month', '2  hours', ''])(
    'refuses "%s" and says what to write',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/write a whole number and a unit/);
    },
  );
});
