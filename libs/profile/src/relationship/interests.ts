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
  let products: readonly ProductInterest[] = [];
  const categories = new Map<string, number>();
  for (const item of itemsOf(properties)) {
    const id = textOf(item['product_id']) ?? textOf(item['sku']);
    if (id !== undefined) products = withProduct(products, [id, timestamp, textOf(item['name']) ?? '']);
    const category = textOf(item['category']);
    if (category !== undefined) categories.set(category, weight);
  }
  if (products.length === 0 && categories.size === 0) return undefined;
  return {
    ...(products.length === 0 ? {} : { products }),
    ...(categories.size === 0 ? {} : { interests: Object.fromEntries(categories) }),
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
  return b.reduce(withProduct, a);
}

/** One that fell out comes back only with something newer, so that it counts in any order. */
function withProduct(known: readonly ProductInterest[], product: ProductInterest): readonly ProductInterest[] {
  const same = known.findIndex(([id]) => id === product[0]);
  if (same >= 0 && newestFirst(product, known[same]!) >= 0) return known;
  const joined = same < 0 ? [...known] : known.toSpliced(same, 1);
  const place = joined.findIndex((other) => newestFirst(product, other) < 0);
  joined.splice(place < 0 ? joined.length : place, 0, product);
  return joined.length > maxProducts ? joined.slice(0, maxProducts) : joined;
}

/** Then by id and name, so that what is kept does not depend on the order of joining. */
function newestFirst([aId, aAt, aName]: ProductInterest, [bId, bAt, bName]: ProductInterest): number {
  if (aAt !== bAt) return bAt - aAt;
  return aId === bId ? Number(aName > bName) - Number(aName < bName) : aId < bId ? -1 : 1;
}
