import { isPurchase, purchaseFrom } from './index.js';

describe('a purchase', () => {
  it('is an order with its id, its amount as decimal text and its currency', () => {
    const properties = { order_id: 17, total: 19.99, revenue: 15, currency: 'gbp' };
    expect(purchaseFrom('Order Completed', properties, 'm')).toEqual({
      kind: 'order',
      purchaseId: '17',
      orderId: '17',
      amount: '19.99',
      currency: 'GBP',
    });
  });

  it.each([
    [{ revenue: '12.50' }, '12.50'],
    [{ value: 3 }, '3'],
    [{ total: 'free', revenue: 7 }, '7'],
    [{ total: '1,000.00' }, null],
    [{ total: Number.POSITIVE_INFINITY }, null],
    [{ total: 0.1 + 0.2 }, '0.30000000000000004'],
    [{ total: 'NaN' }, null],
    [{ orderId: 'm' }, null],
  ])('of %j amounts to %s', (properties, amount) => {
    expect(purchaseFrom('Order Completed', properties, 'm')).toMatchObject({ amount, purchaseId: 'm', currency: '' });
  });

  it('with an id too long for an index has one derived from it', () => {
    const [a, b] = ['x', 'y'].map((end) => purchaseFrom('Order Completed', { order_id: 'o'.repeat(5000) + end }, 'm'));
    expect(a?.purchaseId).toHaveLength(36);
    expect(a?.purchaseId).not.toBe(b?.purchaseId);
  });

  it('is a refund of its own for each message', () => {
    const refund = purchaseFrom('Order Refunded', { order_id: '17', total: 5 }, 'm2');
    expect(refund).toMatchObject({ kind: 'refund', purchaseId: 'm2', orderId: '17', amount: '5' });
  });

  it('is nothing else: nothing happens', () => {
    expect(purchaseFrom('Product Viewed', { total: 5 }, 'm')).toBeUndefined();
    expect(['constructor', null, 'order completed'].some(isPurchase)).toBe(false);
  });
});
