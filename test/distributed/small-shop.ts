/** A history with everything that identity and money can do: anonymous visits, identification, repeat orders, refunds. */
export interface ShopMessage {
  readonly type: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly event?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
}

const day = 86_400_000;
const opening = Date.UTC(2026, 0, 5, 9);

/** Deterministic: the same `people` give the same messages. */
export function smallShop(people: number): readonly ShopMessage[] {
  return Array.from({ length: people }, (_, person) => historyOf(person)).flat();
}

function historyOf(person: number): ShopMessage[] {
  const userId = `user-${person}`;
  const anonymousId = `device-${person}`;
  const arrival = opening + (person % 120) * day;
  const at = (days: number): string => new Date(arrival + days * day).toISOString();
  const message = (name: string, days: number) => ({ messageId: `${userId}-${name}`, timestamp: at(days) });
  const order = (n: number, days: number): ShopMessage => ({
    ...message(`order-${n}`, days),
    type: 'track',
    event: 'Order Completed',
    userId,
    properties: { order_id: `${userId}/${n}`, total: 10 + ((person * 7 + n * 13) % 90) + 0.25, currency: 'EUR' },
  });

  const visits = [0, 1].map((n): ShopMessage => ({
    ...message(`visit-${n}`, n * 0.1),
    type: 'page',
    anonymousId,
    properties: { path: `/shelf/${n}` },
  }));
  const identify: ShopMessage = {
    ...message('identify', 0.5),
    type: 'identify',
    userId,
    anonymousId,
    traits: { email: `${userId}@example.com`, plan: person % 3 === 0 ? 'gold' : 'plain' },
  };
  const orders = Array.from({ length: person % 5 }, (_, n) => order(n, 1 + n * 27));
  const refunds: ShopMessage[] =
    person % 10 === 4
      ? [
          {
            ...message('refund', 40),
            type: 'track',
            event: 'Order Refunded',
            userId,
            properties: { order_id: `${userId}/0`, total: 5, currency: 'EUR' },
          },
        ]
      : [];
  return [...visits, identify, ...orders, ...refunds];
}
