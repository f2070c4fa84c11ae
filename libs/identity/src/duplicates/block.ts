import { doubleMetaphone } from 'double-metaphone';
import { localPart } from './compare-values.js';
import type { DuplicateRules, KeyPart, KeyRule } from './duplicate-rules.js';

/** A record's normalised values, in the order of the rules' fields. */
export type Values = readonly (string | undefined)[];

/** Two places in the list of records, the smaller first. */
export type Pair = readonly [number, number];

export interface CandidatePairs {
  readonly pairs: readonly Pair[];
  /** Keys that too many records share, by pass; their pairs were not looked at. */
  readonly skippedKeys: readonly number[];
}

/**
 * The pairs worth comparing: those that share all keys of a pass. All pairs would be n(n-1)/2; the passes keep it near n,
 * and several of them find a pair of which one field is wrong.
 */
export function candidatePairs(records: readonly Values[], rules: DuplicateRules): CandidatePairs {
  const place = new Map(rules.fields.map(({ name }, index) => [name, index]));
  const seen = new Set<number>();
  const pairs: Pair[] = [];
  const skippedKeys = rules.passes.map((pass) => {
    let skipped = 0;
    for (const block of blocksOf(records, pass, place)) {
      if (block.length > rules.maxBlock) skipped += 1;
      else addPairs(block, records.length, seen, pairs);
    }
    return skipped;
  });
  return { pairs, skippedKeys };
}

function blocksOf(
  records: readonly Values[],
  pass: readonly KeyRule[],
  place: ReadonlyMap<string, number>,
): Iterable<number[]> {
  const blocks = new Map<string, number[]>();
  records.forEach((values, index) => {
    const key = keyOf(values, pass, place);
    if (key === undefined) return;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [index]);
    else block.push(index);
  });
  return blocks.values();
}

function keyOf(values: Values, pass: readonly KeyRule[], place: ReadonlyMap<string, number>): string | undefined {
  const parts: string[] = [];
  for (const { field, part } of pass) {
    const value = values[place.get(field) ?? -1];
    const key = value === undefined ? '' : keyParts[part](value);
    if (key === '') return undefined;
    parts.push(key);
  }
  return parts.join('\0');
}

const keyParts: Readonly<Record<KeyPart, (value: string) => string>> = {
  value: (value) => value,
  sound: (value) => doubleMetaphone(value)[0],
  start: (value) => value.slice(0, 3),
  year: (value) => value.slice(0, 4),
  day: (value) => value.slice(4, 8),
  local: localPart,
};

function addPairs(block: readonly number[], count: number, seen: Set<number>, pairs: Pair[]): void {
  for (let i = 0; i < block.length; i += 1) {
    for (let j = i + 1; j < block.length; j += 1) {
      const pair = [block[i]!, block[j]!] as const;
      const name = pair[0] * count + pair[1];
      if (seen.has(name)) continue;
      seen.add(name);
      pairs.push(pair);
    }
  }
}
