import type { Pair, Values } from './block.js';
import { comparePair, type Pattern } from './compare-pair.js';
import { levelCount, type Level } from './compare-values.js';
import type { FieldRule } from './duplicate-rules.js';
import { chanceOfValue, countValues, type ValueFrequencies } from './value-frequencies.js';

/** The share of pairs at each level, by field. */
type Shares = readonly (readonly number[])[];

/**
 * What an agreement or disagreement of each field says, after Fellegi and Sunter, "A Theory for Record Linkage" (1969):
 * `m` is its share among pairs that are one person, `u` among pairs that chance brings together.
 */
export interface MatchModel {
  readonly fields: readonly FieldRule[];
  readonly m: Shares;
  readonly u: Shares;
  /** Probability that two records picked blindly are one person. It falls as the records grow, which raises the bar. */
  readonly prior: number;
  readonly frequencies: ValueFrequencies;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Two records, how alike they are, and by field the probability that strangers are alike in this way. */
export interface ComparedPair {
  readonly pair: Pair;
  readonly pattern: Pattern;
  readonly chances: readonly number[];
}

export interface FieldEvidence {
  readonly field: string;
  readonly level: Level;
  /** log2(m/u): above zero speaks for one person. */
  readonly bits: number;
}

export interface Learned {
  readonly model: MatchModel;
  readonly compared: readonly ComparedPair[];
}

/**
 * Learns the model from the records alone, without an example of the truth: `u` from pairs that chance brings together,
 * `m` and the prior by expectation maximisation over the candidates (Dempster, Laird, Rubin 1977). The candidates stand
 * for all pairs: the others are no matches.
 */
export function learnMatchModel(
  fields: readonly FieldRule[],
  records: readonly Values[],
  candidates: readonly Pair[],
): Learned {
  const frequencies = countValues(fields.length, records);
  const chance = chancePairs(records.length).map(([a, b]) => comparePair(fields, records[a]!, records[b]!));
  const u = sharesOf(fields, chance, () => 1);
  const fixed = { fields, u, frequencies };
  const compared = candidates.map((pair) => compare(fixed, pair, records));
  const allPairs = Math.max(1, (records.length * (records.length - 1)) / 2);
  const bounded = (matches: number): number => Math.min(0.5, Math.max(1, matches) / allPairs);
  let model: MatchModel = {
    ...fixed,
    m: fields.map(() => startingShares),
    prior: bounded(records.length / 4),
    iterations: 0,
    converged: candidates.length === 0,
  };
  while (!model.converged && model.iterations < maxIterations) {
    const probabilities = compared.map((pair) => probabilityOf(weightOf(model, pair)));
    const matches = probabilities.reduce((sum, each) => sum + each, 0);
    const m = sharesOf(
      fields,
      compared.map(({ pattern }) => pattern),
      (index) => probabilities[index]!,
    );
    const prior = bounded(matches);
    const converged = Math.abs(prior / model.prior - 1) < 1e-4;
    model = { ...fixed, m, prior, iterations: model.iterations + 1, converged };
  }
  return { model, compared };
}

export function compare(
  { fields, u, frequencies }: Pick<MatchModel, 'fields' | 'u' | 'frequencies'>,
  pair: Pair,
  records: readonly Values[],
): ComparedPair {
  const [a, b] = [records[pair[0]]!, records[pair[1]]!];
  const pattern = comparePair(fields, a, b);
  const chances = pattern.map((level, index) => {
    if (level === undefined) return 1;
    const share = u[index]![level]!;
    return level === 0 ? chanceOfValue(frequencies, index, a[index]!, share) : share;
  });
  return { pair, pattern, chances };
}

/** What each field says about the two records being one person. */
export function evidenceOf({ fields, m }: MatchModel, { pattern, chances }: ComparedPair): readonly FieldEvidence[] {
  return pattern.flatMap((level, index) =>
    level === undefined
      ? []
      : [{ field: fields[index]!.name, level, bits: Math.log2(m[index]![level]! / chances[index]!) }],
  );
}

/** All evidence on top of the prior, in bits; 0 is a probability of one half. */
export function weightOf({ fields, m, prior }: MatchModel, { pattern, chances }: ComparedPair): number {
  let weight = Math.log2(prior / (1 - prior));
  let groups: Map<string, { agreeing: number; differing: number }> | undefined;
  for (let index = 0; index < pattern.length; index += 1) {
    const level = pattern[index];
    if (level === undefined) continue;
    const bits = Math.log2(m[index]![level]! / chances[index]!);
    const { group } = fields[index]!;
    if (group === undefined) {
      weight += bits;
      continue;
    }
    groups ??= new Map();
    const strongest = groups.get(group) ?? { agreeing: 0, differing: 0 };
    strongest.agreeing = Math.max(strongest.agreeing, bits);
    strongest.differing = Math.min(strongest.differing, bits);
    groups.set(group, strongest);
  }
  for (const { agreeing, differing } of groups?.values() ?? []) weight += agreeing + differing;
  return weight;
}

export function probabilityOf(weight: number): number {
  return 1 / (1 + 2 ** -weight);
}

const maxIterations = 100;
/** Where expectation maximisation sets out: pairs that are one person agree in most fields. */
const startingShares: readonly number[] = [0.8, 0.1, 0.05, 0.01, 0.04];

/** Half an observation a level, so that nothing is impossible. */
const smoothing = 0.5;

function sharesOf(
  fields: readonly FieldRule[],
  patterns: readonly Pattern[],
  weigh: (index: number) => number,
): Shares {
  const sums = fields.map(() => new Array<number>(levelCount).fill(smoothing));
  patterns.forEach((pattern, at) => {
    const weight = weigh(at);
    pattern.forEach((level, index) => {
      if (level !== undefined) sums[index]![level]! += weight;
    });
  });
  return sums.map((levels) => {
    const total = levels.reduce((sum, each) => sum + each, 0);
    return levels.map((each) => each / total);
  });
}

const maxChancePairs = 100_000;

/** Pairs spread evenly over all distances in the list, so that they do not depend on how it is sorted. */
function chancePairs(count: number): readonly Pair[] {
  const wanted = Math.min((count * (count - 1)) / 2, maxChancePairs);
  const rounds = Math.min(count - 1, Math.ceil(wanted / Math.max(1, count)));
  const pairs: Pair[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const distance = Math.max(1, Math.round((round * count) / (rounds + 1)));
    for (let first = 0; first + distance < count; first += 1) pairs.push([first, first + distance]);
  }
  return pairs;
}
