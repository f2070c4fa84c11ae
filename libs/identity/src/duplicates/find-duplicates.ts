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
  /** From 0 to 1. */
  readonly probability: number;
  /** Bits above even odds. */
  readonly weight: number;
  readonly evidence: readonly FieldEvidence[];
}

export interface DuplicateReport {
  readonly records: number;
  readonly candidates: number;
  readonly model: MatchModel;
  /** Bits of evidence that make up for the prior: they grow with the logarithm of the number of records. */
  readonly neededBits: number;
  /** Strongest first. */
  readonly pairs: readonly DuplicatePair[];
  /** Ids of records that are probably one person, groups of two and more. */
  readonly clusters: readonly (readonly string[])[];
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
    .map((pair) => ({ pair, weight: weightOf(model, pair) }))
    .filter(({ weight }) => weight >= minWeight)
    .sort((one, other) => other.weight - one.weight || one.pair.pair[0] - other.pair.pair[0]);
  const clusters = cluster(
    likely.map(({ pair: { pair }, weight }) => ({ a: pair[0], b: pair[1], weight })),
    {
      maxSize: rules.maxCluster,
      weightOf: (a, b) => weightOf(model, compare(model, [a, b], values)),
    },
  );
  return {
    records: records.length,
    candidates: candidates.length,
    model,
    neededBits: minWeight - Math.log2(model.prior / (1 - model.prior)),
    pairs: likely.map(({ pair, weight }) => ({
      a: records[pair.pair[0]]!.id,
      b: records[pair.pair[1]]!.id,
      probability: probabilityOf(weight),
      weight,
      evidence: evidenceOf(model, pair),
    })),
    clusters: clusters.map((group) => group.map((index) => records[index]!.id)),
    skippedKeys,
  };
}
