import type { JsonObject } from '../touchpoint.js';
import { collectLimits } from './limits.js';
import { Refusal, type RejectionReason } from './rejection.js';

export type JsonMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping, or nothing. PHP writes an empty mapping as `[]`. Refuses everything else. */
export function mapField(message: JsonMap, field: string): JsonObject | undefined {
  const value = message[field];
  if (value === undefined || value === null) return undefined;
  if (isMap(value)) return value as JsonObject;
  if (Array.isArray(value) && value.length === 0) return {};
  throw new Refusal('wrong-type', `${field} is ${kindOf(value)}; send an object`);
}

/** A text, or nothing where it is absent or blank. Numbers become texts, as the SDKs do it. */
export function textField(
  message: JsonMap,
  field: string,
  rule: { readonly reason: RejectionReason; readonly characters: number },
): string | undefined {
  const value = message[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new Refusal(rule.reason, `${field} is ${kindOf(value)}; send a string`);
  }
  const text = String(value);
  if (text.length > rule.characters) {
    const lengths = `${text.length} characters long; send at most ${rule.characters}`;
    throw new Refusal(rule.reason, `${field} is ${lengths}`);
  }
  return text.trim() === '' ? undefined : text;
}

export function identifierField(message: JsonMap, field: string): string | undefined {
  return textField(message, field, { reason: 'invalid-identifier', characters: collectLimits.identifierCharacters });
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
