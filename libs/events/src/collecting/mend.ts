import type { TouchpointFlag } from '../touchpoint.js';
import { numberTextMark } from './parse-json.js';

/**
 * A copy of a parsed value that every store can hold: NUL and lone surrogates became U+FFFD, numbers beyond double
 * precision their text, and keys that would reach an object's prototype are left out. What it did is added to `flags`.
 * The value must not be nested deeper than the collector's limit.
 */
export function mend(value: unknown, flags: Set<TouchpointFlag>): unknown {
  if (typeof value === 'string') return mendText(value, flags);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mend(item, flags));
  const mended: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (!reachesPrototype(key, item)) mended[mendText(key, flags)] = mend(item, flags);
  }
  return mended;
}

function mendText(text: string, flags: Set<TouchpointFlag>): string {
  if (text.startsWith(numberTextMark)) {
    flags.add('number-as-text');
    return text.slice(numberTextMark.length);
  }
  if (text.isWellFormed() && !text.includes('\0')) return text;
  flags.add('text-mended');
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** `constructor` alone is a word that senders use; it is dangerous only where it leads to `prototype`. */
function reachesPrototype(key: string, value: unknown): boolean {
  if (key === '__proto__') return true;
  return key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
