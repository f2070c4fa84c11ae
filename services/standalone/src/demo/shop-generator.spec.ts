import { type DemoMessage } from './history.js';
import { generateShop } from './shop-generator.js';

const end = Date.UTC(2025, 11, 31, 23, 59, 59);
const shop = { seed: 7, customers: 400, end, months: 13 };
const messagesOf = (arguments_: typeof shop) => generateShop(arguments_).touchpoints.map(({ message }) => message);
const orders = (messages: readonly DemoMessage[]) => messages.filter(({ event }) => event === 'Order Completed');
const refunds = (messages: readonly DemoMessage[]) => messages.filter(({ event }) => event === 'Order Refunded');

describe('the generated shop', () => {
  const messages = messagesOf(shop);

  it('is the same for the same seed, and another for another seed', () => {
    expect(messagesOf(shop)).toEqual(messages);
    expect(messagesOf({ ...shop, seed: 8 })).not.toEqual(messages);
  });

  it('only grows when there are more customers', () => {
    const larger = new Map(messagesOf({ ...shop, customers: 500 }).map((message) => [message.messageId, message]));
    expect(messages.every((message) => JSON.stringify(larger.get(message.messageId)) === JSON.stringify(message))).toBe(
      true,
    );
  });

  it('gives every message an id of its own that begins with the prefix of the history', () => {
    const { messageIdPrefix } = generateShop(shop);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(messages.length);
    expect(messages.every(({ messageId }) => messageId.startsWith(messageIdPrefix))).toBe(true);
  });

  it('lies within its months, oldest first', () => {
    const times = messages.map(({ timestamp }) => Date.parse(timestamp));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(0)).toBeGreaterThanOrEqual(Date.UTC(2024, 11, 1));
    expect(times.at(-1)).toBeLessThanOrEqual(end);
  });

  it('identifies every customer before the first order, and refunds no more than was paid', () => {
    const identified = new Set<string>();
    const paid = new Map<unknown, number>();
    for (const { type, event, userId = '', properties } of messages) {
      if (type === 'identify') identified.add(userId);
      if (event === 'Order Completed') {
        expect(identified).toContain(userId);
        paid.set(properties?.['order_id'], Number(properties?.['total']));
      }
      if (event === 'Order Refunded') {
        expect(paid.get(properties?.['order_id'])).toBeGreaterThanOrEqual(Number(properties?.['total']));
      }
    }
    expect(refunds(messages).length).toBeGreaterThan(10);
  });

  it('has amounts in whole cents', () => {
    for (const { properties } of [...orders(messages), ...refunds(messages)]) {
      expect(String(properties?.['total'])).toMatch(/^\d+(\.\d{1,2})?$/);
    }
  });

  it('has people who come once, people who come often, and people who are never known', () => {
    const counts = new Map<string, number>();
    for (const { userId = '' } of orders(messages)) counts.set(userId, (counts.get(userId) ?? 0) + 1);
    const once = [...counts.values()].filter((count) => count === 1).length;
    expect(once).toBeGreaterThan(counts.size * 0.15);
    expect(once).toBeLessThan(counts.size * 0.6);
    expect(Math.max(...counts.values())).toBeGreaterThan(10);
    expect(messages.some(({ anonymousId }) => anonymousId?.startsWith('visitor-'))).toBe(true);
  });

  it('lets some people look around anonymously on a device that is theirs later', () => {
    const known = new Set(messages.filter(({ type }) => type === 'identify').map(({ anonymousId }) => anonymousId));
    const before = messages.filter(({ userId, anonymousId }) => userId === undefined && known.has(anonymousId));
    expect(before.length).toBeGreaterThan(100);
  });
});
