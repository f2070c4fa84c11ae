import { candidatePairs, type Values } from './block.js';
import { cluster } from './cluster.js';
import { checkRules, type DuplicateRecord, type DuplicateRules } from './duplicate-rules.js';
import {
  compare,
  evidenceOf,
  learnMatchModel,
  probabilityOf,
  weightOf,
  type FieldEvidence,
  type MatchModel,
} from './match-model.js';
import { normalise } from './normalise.js';

/** Two records that are probably one person, and why. */
export interface DuplicatePair {
  readonly a: string;
  readonly b: string;
  /** From 0 to 1: by what the two say themselves or, where that does not do, of the link that put them in one group. */
  readonly probability: number;
  /** Their own evidence would not do: others of their group lead from the one to the other. */
  readonly isByGroup: boolean;
  readonly evidence: readonly FieldEvidence[];
}

export interface DuplicateReport {
  readonly records: number;
  readonly candidates: number;
  readonly model: MatchModel;
  /** Bits of evidence that make up for the prior: they grow with the logarithm of the number of records. */
  readonly neededBits: number;
  /** Every two of each group, most probable first: who accepts some pairs of a group joins all of it. */
  readonly pairs: readonly DuplicatePair[];
  /** Ids of records that are probably one person, groups of two and more. */
  readonly groups: readonly (readonly string[])[];
  /** Keys that too many records share, by pass of the rules. */
  readonly skippedKeys: readonly number[];
}

/** Suggests who is the same person; merges nobody. Throws `RangeError` for rules that cannot work. */
export function findDuplicates(records: readonly DuplicateRecord[], rules: DuplicateRules): DuplicateReport {
  checkRules(rules);
  const values = records.map((record): Values =>
    rules.fields.map(({ name, kind }) => normalise(kind, record.values[name])),
  );
  const { pairs: candidates, skippedKeys } = candidatePairs(values, rules);
  const { model, compared } = learnMatchModel(rules.fields, values, candidates);
  const minWeight = Math.log2(rules.minProbability / (1 - rules.minProbability));
  const likely = compared
    .map((pair) => ({ a: pair.pair[0], b: pair.pair[1], weight: weightOf(model, pair) }))
    .filter(({ weight }) => weight >= minWeight);
  const { groups, pairs } = cluster(likely, {
    maxSize: rules.maxCluster,
    weightOf: (a, b) => weightOf(model, compare(model, [a, b], values)),
  });
  const suggestions = pairs.map(({ a, b, weight }) => {
    const pair = compare(model, [a, b], values);
    const own = weightOf(model, pair);
    const isByGroup = own < minWeight;
    return { a, b, pair, weight: isByGroup ? weight : own, isByGroup };
  });
  return {
    records: records.length,
    candidates: candidates.length,
    model,
    neededBits: minWeight - Math.log2(model.prior / (1 - model.prior)),
    pairs: suggestions
      .sort((one, other) => other.weight - one.weight || one.a - other.a || one.b - other.b)
      .map(({ a, b, pair, weight, isByGroup }) => ({
        a: records[a]!.id,
        b: records[b]!.id,
        probability: probabilityOf(weight),
        isByGroup,
        evidence: evidenceOf(model, pair),
      })),
    groups: groups.map((group) => group.map((index) => records[index]!.id)),
    skippedKeys,
  };
}
