import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/**
 * What a shop's site sends: of 100 touchpoints 5 identify, 10 order, 25 are pages, 60 are product events; about 500 bytes each,
 * from 20,000 people of whom a few come often. Deterministic, and cheap to make: templates with the ids put in.
 */
export interface TouchpointMix {
  /** The JSON text of the next message. Every messageId is new. */
  next(): string;
  /** The body of a batch of the next messages. */
  nextBatch(size: number): string;
  /** How many messages were made. */
  readonly made: number;
}

const people = 20_000;
const templateCount = 4000;

/** `everyoneNew`: each touchpoint is the first of its person. */
export function touchpointMix(run: string, { everyoneNew = false } = {}): TouchpointMix {
  const generator = mersenne(20_260_101);
  const uniform = () => uniformFloat64(generator);
  const templates = Array.from({ length: templateCount }, (_, index) => template(index, uniform));
  let made = 0;
  const next = () => {
    const [before, after] = templates[made % templateCount] as readonly [string, string];
    made++;
    // Squared: the first people come much more often than the last.
    const person = everyoneNew ? `${run}-${made}` : Math.floor(uniform() ** 2 * people);
    return `${before}"messageId":"${run}-${made}","userId":"user-${person}","anonymousId":"device-${person}"${after}`;
  };
  return {
    next,
    nextBatch: (size) => {
      const messages = Array.from({ length: size }, next);
      return `{"batch":[${messages.join(',')}]}`;
    },
    get made() {
      return made;
    },
  };
}

/** A message in two halves, with room for its ids between them. */
function template(index: number, uniform: () => number): readonly [string, string] {
  const message =
    index % 20 === 0 ? identify(index) : index % 10 === 5 ? order(index, uniform) : browsing(index, uniform);
  return ['{', `,${JSON.stringify(message).slice(1)}`];
}

function identify(index: number): object {
  return {
    type: 'identify',
    traits: {
      email: `person.${index}@example.com`,
      firstName: 'Ada',
      lastName: 'Lovelace',
      address: { city: 'London', country: 'GB' },
      plan: index % 3 === 0 ? 'plus' : 'free',
    },
    context,
  };
}

function order(index: number, uniform: () => number): object {
  const price = Math.round(uniform() * 9000 + 500) / 100;
  return {
    type: 'track',
    event: 'Order Completed',
    properties: {
      order_id: `order-${index}-${Math.floor(uniform() * 1e9)}`,
      total: price * 2,
      currency: 'EUR',
      products: [{ product_id: `sku-${index % 500}`, name: 'House Blend 1 kg', price, quantity: 2 }],
    },
    context,
  };
}

function browsing(index: number, uniform: () => number): object {
  const product = Math.floor(uniform() * 500);
  if (index % 4 === 1) {
    return { type: 'page', name: 'Product', properties: { path: `/products/${product}`, title: 'Coffee' }, context };
  }
  return {
    type: 'track',
    event: index % 4 === 2 ? 'Product Added' : 'Product Viewed',
    properties: {
      product_id: `sku-${product}`,
      name: 'House Blend 1 kg',
      category: 'coffee',
      price: 29.9,
      position: 3,
    },
    context,
  };
}

const context = {
  library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
  page: { path: '/products', referrer: 'https://www.example.com/', url: 'https://shop.example.com/products' },
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  locale: 'en-GB',
  ip: '203.0.113.7',
};
