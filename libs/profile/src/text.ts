import type { JsonObject, JsonValue } from '@rapport/events';
import { storableText } from './storable.js';

const maxCharacters = 200;

/** Text of a property, numbers included, trimmed and cut to 200 characters; `undefined` for anything else or nothing. */
export function textOf(value: JsonValue | undefined): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  return trimmed === '' ? undefined : storableText(trimmed.slice(0, maxCharacters));
}

/** A finite number, also where it is written as text. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A mapping, or an empty one where there is none. */
export function mapOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The texts that are there, by name. */
export function textsOf<K extends string>(
  values: Readonly<Record<K, JsonValue | undefined>>,
): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const name of Object.keys(values) as K[]) {
    const text = textOf(values[name]);
    if (text !== undefined) found[name] = text;
  }
  return found;
}
