import type { JsonObject, JsonValue } from '@rapport/events';

/**
 * The values that a path leads to: names joined by dots, `[]` behind a list to go into each of its items, as in
 * `products[].category`. Empty where nothing is there.
 */
export function valuesAt(properties: JsonObject, path: string): readonly JsonValue[] {
  let values: readonly JsonValue[] = [properties];
  for (const step of path.split('.')) {
    const isList = step.endsWith('[]');
    const name = isList ? step.slice(0, -2) : step;
    values = values.flatMap((value) => {
      const inner = memberOf(value, name);
      if (inner === undefined) return [];
      if (!isList) return [inner];
      return Array.isArray(inner) ? (inner as readonly JsonValue[]) : [];
    });
  }
  return values;
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
}
