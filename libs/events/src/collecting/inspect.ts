import { collectLimits } from './limits.js';

/** A byte of JSON text is at most this many bytes per character: `\u0000` takes six. */
const bytesPerCharacter = 6;

export type Inspection = 'fine' | 'too-deep' | 'too-large';

/** Checks depth and size of a parsed value. Serialises only what comes near the limit of size. */
export function inspect(value: unknown): Inspection {
  const weight = jsonWeight(value);
  if (weight === Infinity) return 'too-deep';
  if (weight * bytesPerCharacter <= collectLimits.eventBytes) return 'fine';
  return utf8Length(JSON.stringify(value) ?? '') > collectLimits.eventBytes ? 'too-large' : 'fine';
}

/** Characters a value takes as JSON at most, escapes aside; infinite when nested too deep. */
export function jsonWeight(value: unknown): number {
  return weigh(value, 1);
}

function weigh(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 25;
  if (depth > collectLimits.depth) return Infinity;
  let weight = 2;
  if (Array.isArray(value)) {
    for (const item of value) weight += weigh(item, depth + 1);
    return weight;
  }
  const map = value as Record<string, unknown>;
  for (const key in map) weight += key.length + 4 + weigh(map[key], depth + 1);
  return weight;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit <= 0xdfff) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
