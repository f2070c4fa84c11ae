/**
 * The same JSON with the names of every object sorted, so that equal values are equal text. What is in order is given back as
 * it is: most of a state came sorted from its row.
 */
export function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return sortedItems(value);
  const entries = Object.entries(value);
  let isSorted = true;
  entries.forEach((entry, i) => {
    const inner = sorted(entry[1]);
    if (inner !== entry[1] || (i > 0 && entries[i - 1]![0] > entry[0])) isSorted = false;
    entry[1] = inner;
  });
  return isSorted ? value : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortedItems(items: readonly unknown[]): readonly unknown[] {
  const inner = items.map(sorted);
  return inner.every((item, i) => item === items[i]) ? items : inner;
}
