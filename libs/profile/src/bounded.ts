import { compareStamps, type Stamp, type Stamped } from './stamp.js';

/**
 * Counts by name. Of more than `limit` names those that come first are kept: once a name is out, as many smaller ones
 * exist, so it never comes back, and the counts of those kept are exact in any order of adding.
 */
export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
  limit: number,
): Readonly<Record<string, number>> {
  const joined = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) joined.set(name, (joined.get(name) ?? 0) + count);
  return Object.fromEntries(firstByName([...joined], limit));
}

export function firstByName<T>(entries: readonly (readonly [string, T])[], limit: number): (readonly [string, T])[] {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length > limit ? sorted.slice(0, limit) : sorted;
}

/** Newest item of each id, newest first. An id that fell out comes back only with something newer. */
export function newestById<T extends Stamped & { readonly id: string }>(
  a: readonly T[],
  b: readonly T[],
  limit: number,
): readonly T[] {
  const joined = new Map(a.map((item) => [item.id, item]));
  for (const item of b) {
    const known = joined.get(item.id);
    if (known === undefined || compareStamps(known.at, item.at) < 0) joined.set(item.id, item);
  }
  return [...joined.values()].sort((x, y) => compareStamps(y.at, x.at) || (x.id < y.id ? -1 : 1)).slice(0, limit);
}

/** Newest stamp by name, the newest `limit` names. */
export function newestStamps(
  a: Readonly<Record<string, Stamp>>,
  b: Readonly<Record<string, Stamp>>,
  limit: number,
): Readonly<Record<string, Stamp>> {
  const asItems = (stamps: Readonly<Record<string, Stamp>>) => Object.entries(stamps).map(([id, at]) => ({ id, at }));
  const kept = newestById(asItems(a), asItems(b), limit);
  return Object.fromEntries(kept.map(({ id, at }) => [id, at] as const).sort(([x], [y]) => (x < y ? -1 : 1)));
}
