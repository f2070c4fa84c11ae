import type { Values } from './block.js';
import { compareValues, localPart, swappedLevel, unlikeLevel, type Level } from './compare-values.js';
import type { FieldRule } from './duplicate-rules.js';

/** How alike two records are, by field; `undefined` where one of them does not know. */
export type Pattern = readonly (Level | undefined)[];

export function comparePair(fields: readonly FieldRule[], a: Values, b: Values): Pattern {
  return fields.map(({ kind, swapsWith }, index) => {
    const [valueA, valueB] = [a[index], b[index]];
    let level = valueA === undefined || valueB === undefined ? undefined : compareValues(kind, valueA, valueB);
    if (kind === 'email' && level !== undefined && level > 0 && level < unlikeLevel) {
      level = beyondNames(fields, a, b, index);
    }
    if (level !== undefined && level < swappedLevel) return level;
    if (swapsWith === undefined) return level;
    const other = fields.findIndex(({ name }) => name === swapsWith);
    const swapped = isSame(valueA, b[other]) || isSame(valueB, a[other]);
    return swapped ? swappedLevel : level;
  });
}

/**
 * Two addresses ann.miller@ at two providers are alike because the names are, and the names have been counted: only what
 * the local parts hold beside the names says anything more.
 */
function beyondNames(fields: readonly FieldRule[], a: Values, b: Values, index: number): Level | undefined {
  const names = fields.flatMap(({ kind }, at) => (kind === 'name' ? [a[at], b[at]] : []));
  const [restA, restB] = [a, b].map((values) => withoutNames(localPart(values[index]!), names));
  if (restA !== restB) return compareValues('email', a[index]!, b[index]!) === 1 ? 1 : unlikeLevel;
  return restA!.length >= 2 ? 1 : undefined;
}

function withoutNames(local: string, names: readonly (string | undefined)[]): string {
  let rest = local;
  for (const name of names) if (name !== undefined && name.length >= 3) rest = rest.replace(name, '');
  return rest.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}
