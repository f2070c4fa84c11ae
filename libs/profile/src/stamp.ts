import type { OpenedTouchpoint } from '@rapport/events';

/**
 * When something was said, as a total order of touchpoints: event time, arrival, then position on `touchpoints`
 * (milliseconds, milliseconds, partition, offset). Same order as `compareTouchpoints`.
 */
export type Stamp = readonly [timestamp: number, receivedAt: number, partition: number, offset: number];

export function stampOf({
  timestamp,
  receivedAt,
  logPartition,
  logOffset,
}: Pick<OpenedTouchpoint, 'timestamp' | 'receivedAt' | 'logPartition' | 'logOffset'>): Stamp {
  return [timestamp, receivedAt, logPartition, logOffset];
}

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

export interface Stamped {
  readonly at: Stamp;
}

/** The later of two; one that is absent loses. */
export function latest<T extends Stamped>(a: T | undefined, b: T): T {
  return a === undefined || compareStamps(a.at, b.at) < 0 ? b : a;
}

/** Per name the latest of both. */
export function latestByName<T extends Stamped>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const names = Object.keys(b);
  if (names.length === 0) return a;
  const joined = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) joined.set(name, latest(joined.get(name), value));
  return Object.fromEntries(joined);
}

/** The newest of both, newest first, each position once. */
export function newestOf<T extends Stamped>(a: readonly T[], b: readonly T[], limit: number): readonly T[] {
  return b.reduce((joined, item) => withNewest(joined, item, limit), a);
}

/** A list, newest first, with one more item at its place. Gives the same list where the item is in it or too old for it. */
export function withNewest<T extends Stamped>(list: readonly T[], item: T, limit: number): readonly T[] {
  let place = 0;
  for (const known of list) {
    const order = compareStamps(known.at, item.at);
    if (order === 0) return list;
    if (order < 0) break;
    place += 1;
  }
  if (place >= limit) return list;
  const joined = list.toSpliced(place, 0, item);
  if (joined.length > limit) joined.pop();
  return joined;
}
