import { compareValues, levelCount, localPart, swappedLevel, unlikeLevel, type Level } from './compare-values.js';
import type { Pair, Values } from './block.js';
import type { FieldRule } from './duplicate-rules.js';

/** How alike two records are, by field; `undefined` where one of them does not know. */
export type Pattern = readonly (Level | undefined)[];

/** The share of pairs at each level, by field. */
type Shares = readonly (readonly number[])[];

/**
 * What an agreement or disagreement of each field says, after Fellegi and Sunter, "A Theory for Record Linkage" (1969):
 * `m` among pairs that are one person, `u` among pairs that are not.
 */
export interface MatchModel {
  readonly fields: readonly FieldRule[];
  readonly m: Shares;
  readonly u: Shares;
  /** Probability that two records picked blindly are one person. It falls as the records grow, which raises the bar. */
  readonly prior: number;
  /** By field, how many of the records that have a value have this one: a rare value that agrees says more. */
  readonly frequency: readonly ReadonlyMap<string, number>[];
  readonly known: readonly number[];
  readonly iterations: number;
  readonly converged: boolean;
}

export interface FieldEvidence {
  readonly field: string;
  readonly level: Level;
  /** log2(m/u): above zero speaks for one person. */
  readonly bits: number;
  readonly group?: string;
}

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

/**
 * Learns the model from the records alone, without an example of the truth: `u` from pairs that chance brings together,
 * `m` and the number of matches by expectation maximisation over the candidates (Dempster, Laird, Rubin 1977).
 */
export function learnMatchModel(
  fields: readonly FieldRule[],
  records: readonly Values[],
  candidates: readonly Pair[],
): MatchModel {
  const u = sharesOf(fields, patternCounts(fields, records, chancePairs(records.length)), () => 1);
  const counted = patternCounts(fields, records, candidates);
  const allPairs = Math.max(1, (records.length * (records.length - 1)) / 2);
  let m: Shares = fields.map(() => startingShares);
  let share = 0.3;
  let iterations = 0;
  let converged = candidates.length === 0;
  while (!converged && iterations < maxIterations) {
    iterations += 1;
    const probability = (pattern: Pattern): number => posterior(pattern, m, u, share);
    const next = Math.max(minShare, average(counted, probability));
    m = sharesOf(fields, counted, probability);
    converged = Math.abs(next - share) < 1e-6;
    share = Math.min(next, 1 - minShare);
  }
  const prior = Math.min(0.5, Math.max(share * candidates.length, 1) / allPairs);
  return { fields, m, u, prior, ...frequencies(fields, records), iterations, converged };
}

/** What each field of two records says about them being one person. */
export function evidenceOf(model: MatchModel, a: Values, b: Values): readonly FieldEvidence[] {
  return comparePair(model.fields, a, b).flatMap((level, index) => {
    if (level === undefined) return [];
    const m = model.m[index]![level]!;
    const u = level === 0 ? chanceOfValue(model, index, a[index]!) : model.u[index]![level]!;
    const { name: field, group } = model.fields[index]!;
    return [{ field, level, bits: Math.log2(m / u), ...(group === undefined ? {} : { group }) }];
  });
}

/** The sum of the evidence on top of the prior, in bits; 0 is a probability of one half. */
export function weightOf(model: MatchModel, evidence: readonly FieldEvidence[]): number {
  let weight = Math.log2(model.prior / (1 - model.prior));
  const groups = new Map<string, { agreeing: number; differing: number }>();
  for (const { bits, group } of evidence) {
    if (group === undefined) {
      weight += bits;
      continue;
    }
    const strongest = groups.get(group) ?? { agreeing: 0, differing: 0 };
    strongest.agreeing = Math.max(strongest.agreeing, bits);
    strongest.differing = Math.min(strongest.differing, bits);
    groups.set(group, strongest);
  }
  for (const { agreeing, differing } of groups.values()) weight += agreeing + differing;
  return weight;
}

export function probabilityOf(weight: number): number {
  return 1 / (1 + 2 ** -weight);
}

const maxIterations = 200;
const minShare = 1e-9;
/** Where expectation maximisation sets out: pairs that are one person agree in most fields. */
const startingShares: readonly number[] = [0.8, 0.1, 0.05, 0.01, 0.04];

/** Half the smoothing of one observation a level, so that nothing is impossible. */
const smoothing = 0.5;

interface PatternCount {
  readonly pattern: Pattern;
  count: number;
}

function patternCounts(
  fields: readonly FieldRule[],
  records: readonly Values[],
  pairs: readonly Pair[],
): readonly PatternCount[] {
  const counts = new Map<string, PatternCount>();
  for (const [a, b] of pairs) {
    const pattern = comparePair(fields, records[a]!, records[b]!);
    const name = pattern.map((level) => level ?? '-').join('');
    const known = counts.get(name);
    if (known) known.count += 1;
    else counts.set(name, { pattern, count: 1 });
  }
  return [...counts.values()];
}

function sharesOf(
  fields: readonly FieldRule[],
  counted: readonly PatternCount[],
  weigh: (pattern: Pattern) => number,
): Shares {
  const sums = fields.map(() => new Array<number>(levelCount).fill(smoothing));
  for (const { pattern, count } of counted) {
    const weight = count * weigh(pattern);
    pattern.forEach((level, index) => {
      if (level !== undefined) sums[index]![level]! += weight;
    });
  }
  return sums.map((levels) => {
    const total = levels.reduce((sum, each) => sum + each, 0);
    return levels.map((each) => each / total);
  });
}

function posterior(pattern: Pattern, m: Shares, u: Shares, share: number): number {
  let odds = share / (1 - share);
  pattern.forEach((level, index) => {
    if (level !== undefined) odds *= m[index]![level]! / u[index]![level]!;
  });
  return odds === Infinity ? 1 : odds / (1 + odds);
}

function average(counted: readonly PatternCount[], of: (pattern: Pattern) => number): number {
  let sum = 0;
  let total = 0;
  for (const { pattern, count } of counted) {
    sum += count * of(pattern);
    total += count;
  }
  return total === 0 ? 0 : sum / total;
}

const maxChancePairs = 100_000;

/** Pairs spread evenly over all distances in the list, so that they do not depend on how it is sorted. */
function chancePairs(count: number): readonly Pair[] {
  const all = (count * (count - 1)) / 2;
  const wanted = Math.min(all, maxChancePairs);
  const rounds = Math.min(count - 1, Math.ceil(wanted / Math.max(1, count)));
  const pairs: Pair[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const distance = Math.max(1, Math.round((round * count) / (rounds + 1)));
    for (let first = 0; first + distance < count; first += 1) pairs.push([first, first + distance]);
  }
  return pairs;
}

function frequencies(
  fields: readonly FieldRule[],
  records: readonly Values[],
): Pick<MatchModel, 'frequency' | 'known'> {
  const frequency = fields.map(() => new Map<string, number>());
  const known = fields.map(() => 0);
  for (const values of records) {
    values.forEach((value, index) => {
      if (value === undefined) return;
      known[index]! += 1;
      frequency[index]!.set(value, (frequency[index]!.get(value) ?? 0) + 1);
    });
  }
  return { frequency, known };
}

/**
 * Chance that a stranger has just this value: its own frequency, not that of agreement on any value. The pair itself is
 * left out, so that a value nobody else has is as rare as agreement is by chance, and at most one in all records.
 */
function chanceOfValue({ u, frequency, known }: MatchModel, index: number, value: string): number {
  const records = Math.max(known[index]!, 2);
  const others = Math.max(0, (frequency[index]!.get(value) ?? 2) - 2);
  return others / records + Math.min(u[index]![0]!, 1 / records);
}
