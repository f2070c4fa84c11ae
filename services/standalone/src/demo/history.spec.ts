import { shiftedTo, type ShopHistory } from './history.js';

const history: ShopHistory = {
  title: 'a shop',
  messageIdPrefix: 'm',
  currency: 'EUR',
  notes: [],
  touchpoints: [
    { person: 'a', message: { type: 'page', messageId: 'm1', timestamp: '2010-12-01T08:00:00.000Z' } },
    { person: 'a', message: { type: 'page', messageId: 'm2', timestamp: '2010-12-09T20:01:00.000Z' } },
  ],
};

describe('a history moved to now', () => {
  const now = Date.UTC(2026, 10, 22, 6, 30, 15);
  const moved = shiftedTo(history, now);

  it('ends in the present minute and never in the future', () => {
    expect(moved.touchpoints.at(-1)?.message.timestamp).toBe('2026-11-22T06:30:00.000Z');
  });

  it('keeps distances and ids', () => {
    const [first, last] = moved.touchpoints.map(({ message }) => message);
    expect(Date.parse(last?.timestamp ?? '') - Date.parse(first?.timestamp ?? '')).toBe(
      Date.UTC(2010, 11, 9, 20, 1) - Date.UTC(2010, 11, 1, 8),
    );
    expect([first?.messageId, last?.messageId]).toEqual(['m1', 'm2']);
  });

  it('stays empty when there is nothing to move', () => {
    expect(shiftedTo({ ...history, touchpoints: [] }, now).touchpoints).toEqual([]);
  });
});
