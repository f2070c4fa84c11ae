import { type JsonObject } from '@rapport/events';
import { type Randomness } from './randomness.js';
import { products, type AcquisitionSource, type Product } from './shop-catalog.js';

export interface BasketLine {
  readonly product: Product;
  readonly quantity: number;
}

/** One to five different products; gifts go before Christmas only. */
export function basket(source: AcquisitionSource, month: number, random: Randomness): BasketLine[] {
  const giftSeason = month >= 9 ? 4 : 0.3;
  const appeal = (product: Product) => product.appeal * (product.category === 'gift' ? giftSeason : 1);
  const lines = new Map<string, BasketLine>();
  const size = Math.min(5, 1 + random.poisson(1.1 * source.basket));
  for (let line = 0; line < size; line++) {
    const product = random.pickWeighted(products, appeal);
    const most = product.category === 'coffee' ? 3 : product.category === 'tea' ? 2 : 1;
    lines.set(product.id, { product, quantity: 1 + Math.floor(random.uniform() * most) });
  }
  return [...lines.values()];
}

/** Properties of `Order Completed`; amounts in EUR, computed in cents. */
export function orderCompleted(orderId: string, lines: readonly BasketLine[], discountRate: number): JsonObject {
  const subtotal = worth(lines);
  const discount = Math.round(subtotal * discountRate);
  const shipping = subtotal - discount >= 4000 ? 0 : 490;
  return {
    order_id: orderId,
    total: (subtotal - discount + shipping) / 100,
    subtotal: (subtotal - discount) / 100,
    discount: discount / 100,
    shipping: shipping / 100,
    currency: 'EUR',
    products: lines.map(toJson),
  };
}

/** Properties of `Order Refunded`: the whole order, or its first line at most. */
export function orderRefunded(completed: JsonObject, lines: readonly BasketLine[], whole: boolean): JsonObject {
  const returned = whole ? lines : lines.slice(0, 1);
  const total = Number(completed['total']);
  return {
    order_id: completed['order_id'] ?? '',
    total: whole ? total : Math.min(total, worth(returned) / 100),
    currency: 'EUR',
    products: returned.map(toJson),
  };
}

function worth(lines: readonly BasketLine[]): number {
  return lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
}

function toJson({ product, quantity }: BasketLine): JsonObject {
  const { id, name, category, price } = product;
  return { product_id: id, name, category, price: price / 100, quantity };
}
