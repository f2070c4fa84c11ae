import { untilHour } from './nightly.js';

const hours = (count: number): number => count * 60 * 60 * 1000;
const midnight = Date.UTC(2026, 10, 22);

describe('the next night', () => {
  it.each([
    ['before the hour, is today', midnight + hours(1), hours(2)],
    ['after the hour, is tomorrow', midnight + hours(4), hours(23)],
    ['at the hour itself, is tomorrow', midnight + hours(3), hours(24)],
  ])('%s', (_name, now, expected) => {
    expect(untilHour(now, 3)).toBe(expected);
  });
});
