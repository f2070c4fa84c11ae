import { shareText } from './share-text.js';

describe('a share in per cent', () => {
  it.each([
    [0, '0.0 %'],
    [9 / 51_600, '<0.1 %'],
    [0.001, '0.1 %'],
    [0.4567, '45.7 %'],
    [0.999, '99.9 %'],
    [51_599 / 51_600, '>99.9 %'],
    [1, '100.0 %'],
  ])('of %d is %s', (share, text) => expect(shareText(share)).toBe(text));
});
