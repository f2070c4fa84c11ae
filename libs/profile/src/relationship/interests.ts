import type { JsonObject, JsonValue } from '@rapport/events';
import type { ProfileRules } from '../rules/profile-rules.js';
import { mapOf, textOf } from '../text.js';
import { maxProducts, type ProductInterest, type Relationship } from './relationship.js';

const maxProductsOfEvent = 50;

/** The products and categories that an event shows interest in. */
export function interestIn(
  rules: ProfileRules,
  event: string,
  properties: JsonObject,
  timestamp: number,
): Relationship | undefined {
  const weight = rules.interests.get(event);
  if (weight === undefined) return undefined;
  const items = itemsOf(properties);
  const products = items.flatMap((item): readonly ProductInterest[] => {
    const id = textOf(item['product_id']) ?? textOf(item['sku']);
    return id === undefined ? [] : [[id, timestamp, textOf(item['name']) ?? '']];
  });
  const categories = new Set(items.map((item) => textOf(item['category'])).filter((text) => text !== undefined));
  if (products.length === 0 && categories.size === 0) return undefined;
  return {
    ...(products.length === 0 ? {} : { products: newestProducts([], products) }),
    ...(categories.size === 0 ? {} : { interests: Object.fromEntries([...categories].map((name) => [name, weight])) }),
  };
}

/** The products of an order or a cart, else the event itself as one. */
function itemsOf(properties: JsonObject): readonly JsonObject[] {
  const products: JsonValue | undefined = properties['products'];
  return Array.isArray(products)
    ? (products as readonly JsonValue[]).slice(0, maxProductsOfEvent).map(mapOf)
    : [properties];
}

export function newestProducts(
  a: readonly ProductInterest[],
  b: readonly ProductInterest[],
): readonly ProductInterest[] {
  const joined = new Map(a.map((product) => [product[0], product]));
  for (const product of b) {
    const known = joined.get(product[0]);
    if (known === undefined || newestFirst(product, known) < 0) joined.set(product[0], product);
  }
  return [...joined.values()].sort(newestFirst).slice(0, maxProducts);
}

/** Then by id and name, so that what is kept does not depend on the order of joining. */
function newestFirst([aId, aAt, aName]: ProductInterest, [bId, bAt, bName]: ProductInterest): number {
  if (aAt !== bAt) return bAt - aAt;
  return aId === bId ? Number(aName > bName) - Number(aName < bName) : aId < bId ? -1 : 1;
}
