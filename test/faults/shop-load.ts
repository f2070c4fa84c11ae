import { setTimeout as pause } from 'node:timers/promises';

interface Order {
  readonly id: string;
  readonly total: number;
}

/** A stream of touchpoints of a small shop that remembers which of them were acknowledged. Deterministic but for time. */
export class ShopLoad {
  /** Message ids of every touchpoint that was sent at least once. */
  readonly sent: string[] = [];
  readonly acknowledged: string[] = [];
  private readonly orders = new Map<string, Order>();
  private next = 0;

  constructor(private readonly options: { readonly people: number; readonly seed: number }) {}

  orderOf(messageId: string): Order | undefined {
    return this.orders.get(messageId);
  }

  /** Sends batches one after another until the connection breaks, which is how a round ends, or it is told to stop. */
  async sendUntilBroken(
    { http, writeKey }: { readonly http: string; readonly writeKey: string },
    stop?: AbortSignal,
  ): Promise<void> {
    while (!stop?.aborted) {
      const batch = Array.from({ length: 20 }, () => this.touchpoint());
      const ids = batch.map(({ messageId }) => messageId);
      this.sent.push(...ids);
      try {
        const response = await fetch(`${http}/v1/batch`, {
          method: 'POST',
          headers: {
            authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ batch, sentAt: new Date().toISOString() }),
        });
        if (response.status !== 200) return;
        await response.arrayBuffer();
      } catch {
        return;
      }
      this.acknowledged.push(...ids);
    }
  }

  /** Resolves when so many more batches have been acknowledged; gives up silently when the stream has ended. */
  async acknowledgesMore(batches: number): Promise<void> {
    const target = this.acknowledged.length + batches * 20;
    for (let waited = 0; this.acknowledged.length < target && waited < 20_000; waited += 5) await pause(5);
  }

  private touchpoint(): { readonly type: string; readonly messageId: string } & Record<string, unknown> {
    const n = (this.next += 1);
    const messageId = `load-${this.options.seed}-${n}`;
    const userId = `person-${(n * 31 + this.options.seed) % this.options.people}`;
    const timestamp = new Date().toISOString();
    if (n % 10 === 0)
      return { type: 'identify', messageId, userId, timestamp, traits: { plan: `plan-${n % 3}`, visits: n } };
    if (n % 4 === 0) {
      const order = { id: `order-${n}`, total: (n % 90) + 10 };
      this.orders.set(messageId, order);
      const properties = { order_id: order.id, total: order.total, currency: 'EUR' };
      return { type: 'track', event: 'Order Completed', messageId, userId, timestamp, properties };
    }
    return {
      type: 'track',
      event: 'Product Viewed',
      messageId,
      userId,
      timestamp,
      properties: { sku: `sku-${n % 50}` },
    };
  }
}
