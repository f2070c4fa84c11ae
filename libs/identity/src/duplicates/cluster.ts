/** Two places in the list of records and the weight of the evidence that they are one person, in bits. */
export interface ScoredPair {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

export interface Grouping {
  /** Groups of two and more, each sorted, by their first record. */
  readonly groups: readonly (readonly number[])[];
  /** Every two of each group, `a` the smaller, with the weight of the pair that made one group of theirs. */
  readonly pairs: readonly ScoredPair[];
}

/**
 * Groups records, strongest pair first, never by one chain of look-alikes: two groups become one only where the average
 * over all pairs between them speaks for it, and while the group stays within `maxSize`.
 * @param weightOf the weight of any two records, asked for those that were no candidates
 */
export function cluster(
  pairs: readonly ScoredPair[],
  { maxSize, weightOf }: { readonly maxSize: number; readonly weightOf: (a: number, b: number) => number },
): Grouping {
  const groupOf = new Map<number, number[]>();
  const scored = new Map(pairs.map(({ a, b, weight }) => [`${a}/${b}`, weight]));
  const between = (a: number, b: number): number => scored.get(a < b ? `${a}/${b}` : `${b}/${a}`) ?? weightOf(a, b);
  const strongestFirst = [...pairs].sort(
    (one, other) => other.weight - one.weight || one.a - other.a || one.b - other.b,
  );
  const within: ScoredPair[] = [];
  for (const { a, b, weight } of strongestFirst) {
    const left = groupOf.get(a) ?? [a];
    const right = groupOf.get(b) ?? [b];
    if (left === right || left.length + right.length > maxSize) continue;
    if (averageBetween(left, right, between) < 0) continue;
    for (const one of left)
      for (const other of right) within.push({ a: Math.min(one, other), b: Math.max(one, other), weight });
    const joined = [...left, ...right];
    for (const record of joined) groupOf.set(record, joined);
  }
  const groups = [...new Set(groupOf.values())]
    .map((group) => group.sort((one, other) => one - other))
    .sort(([one = 0], [other = 0]) => one - other);
  return { groups, pairs: within };
}

function averageBetween(
  left: readonly number[],
  right: readonly number[],
  between: (a: number, b: number) => number,
): number {
  let sum = 0;
  for (const a of left) for (const b of right) sum += Math.max(-cap, Math.min(cap, between(a, b)));
  return sum / (left.length * right.length);
}

/** One pair cannot outvote all others. */
const cap = 20;
