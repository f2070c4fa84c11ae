import { deriveId, profileIdOf } from './index.js';

describe('derived ids', () => {
  it('repeat for the same parts', () => {
    expect(deriveId('delivery', 'default', 7)).toBe(deriveId('delivery', 'default', 7));
  });

  it('tell apart parts that would join to the same text', () => {
    expect(deriveId('x', 'a', 'bc')).not.toBe(deriveId('x', 'ab', 'c'));
  });

  it('give a lone identifier a profile of its own per workspace', () => {
    expect(profileIdOf('shop', 'userId', 'h')).not.toBe(profileIdOf('other', 'userId', 'h'));
    expect(profileIdOf('shop', 'userId', 'h')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
