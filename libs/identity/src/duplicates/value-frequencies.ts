import type { Values } from './block.js';

/** How often each value occurs, by field: a rare value that two records share says more than a common one. */
export interface ValueFrequencies {
  readonly counts: readonly ReadonlyMap<string, number>[];
  /** Records that have a value at all. */
  readonly known: readonly number[];
}

export function countValues(fieldCount: number, records: readonly Values[]): ValueFrequencies {
  const counts = Array.from({ length: fieldCount }, () => new Map<string, number>());
  const known = counts.map(() => 0);
  for (const values of records) {
    values.forEach((value, index) => {
      if (value === undefined) return;
      known[index]! += 1;
      counts[index]!.set(value, (counts[index]!.get(value) ?? 0) + 1);
    });
  }
  return { counts, known };
}

/**
 * Chance that a stranger has just this value. The pair itself is left out, so that a value nobody else has is as rare as
 * any agreement by chance, and at most one in all records.
 * @param agreement share of chance pairs that agree in this field, whatever the value
 */
export function chanceOfValue(
  { counts, known }: ValueFrequencies,
  index: number,
  value: string,
  agreement: number,
): number {
  const records = Math.max(known[index]!, 2);
  const others = Math.max(0, (counts[index]!.get(value) ?? 2) - 2);
  return others / records + Math.min(agreement, 1 / records);
}
