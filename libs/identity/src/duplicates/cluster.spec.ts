import { cluster, type ScoredPair } from './cluster.js';

/** Weights of pairs by their names; of those that were no candidates `unlike`. */
const grouped = (weights: Readonly<Record<string, number>>, { maxSize = 20, unlike = -5 } = {}) => {
  const pairs = Object.entries(weights).map(([name, weight]): ScoredPair => {
    const [a = 0, b = 0] = name.split('-').map(Number);
    return { a, b, weight };
  });
  const found = cluster(
    pairs.filter(({ weight }) => weight >= 0),
    {
      maxSize,
      weightOf: (a, b) => weights[`${Math.min(a, b)}-${Math.max(a, b)}`] ?? unlike,
    },
  );
  const within = found.pairs.map(({ a, b, weight }) => `${a}-${b} ${weight}`);
  return { groups: found.groups, within: within.toSorted() };
};

describe('groups of records', () => {
  it('hold every two of their members, with the weight of the pair that brought them together', () => {
    expect(grouped({ '0-1': 9, '1-2': 6, '0-2': -1 })).toEqual({
      groups: [[0, 1, 2]],
      within: ['0-1 9', '0-2 6', '1-2 6'],
    });
  });

  it('are not joined by one look-alike where the others speak against it', () => {
    const chain = { '0-1': 9, '1-2': 3, '0-2': -8, '2-3': 9 };
    expect(grouped(chain)).toEqual({
      groups: [
        [0, 1],
        [2, 3],
      ],
      within: ['0-1 9', '2-3 9'],
    });
    expect(grouped({ ...chain, '0-2': 2, '0-3': 1, '1-3': 1 }).groups).toEqual([[0, 1, 2, 3]]);
  });

  it('cannot be decided by one pair, however strong', () => {
    expect(grouped({ '0-1': 500, '1-2': 400, '0-2': -15 }).groups).toEqual([[0, 1, 2]]);
    expect(grouped({ '0-1': 500, '2-3': 500, '1-2': 400 }, { unlike: -15 }).groups).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('stay within their size, the strongest first', () => {
    const alike = Object.fromEntries(
      [0, 1, 2, 3].flatMap((a) => [1, 2, 3].filter((b) => b > a).map((b) => [`${a}-${b}`, 10 - b])),
    );
    expect(grouped(alike, { maxSize: 3 }).groups).toEqual([[0, 1, 2]]);
  });

  it('are the same whatever the order of the pairs', () => {
    const weights = { '0-1': 9, '1-2': 3, '0-2': -8, '2-3': 9, '3-4': 2, '4-5': 2 };
    const reversed = Object.fromEntries(Object.entries(weights).toReversed());
    expect(grouped(reversed)).toEqual(grouped(weights));
  });
});
