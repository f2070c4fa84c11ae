import { candidatePairs, type Values } from './block.js';
import { cluster, type ScoredPair } from './cluster.js';
import { checkRules, type DuplicateRecord, type DuplicateRules } from './duplicate-rules.js';
import {
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
  const model = learnMatchModel(rules.fields, values, candidates);
  const minWeight = Math.log2(rules.minProbability / (1 - rules.minProbability));
  const weigh = (a: number, b: number): number => weightOf(model, evidenceOf(model, values[a]!, values[b]!));
  const scored = candidates
    .map(([a, b]): ScoredPair => ({ a, b, weight: weigh(a, b) }))
    .filter(({ weight }) => weight >= Math.min(minWeight, 0));
  const clusters = cluster(scored, { minWeight, maxSize: rules.maxCluster, weightOf: weigh });
  const likely = scored
    .filter(({ weight }) => weight >= minWeight)
    .sort((one, other) => other.weight - one.weight || one.a - other.a || one.b - other.b);
  return {
    records: records.length,
    candidates: candidates.length,
    model,
    neededBits: minWeight - Math.log2(model.prior / (1 - model.prior)),
    pairs: likely.map(({ a, b, weight }) => ({
      a: records[a]!.id,
      b: records[b]!.id,
      probability: probabilityOf(weight),
      weight,
      evidence: evidenceOf(model, values[a]!, values[b]!),
    })),
    clusters: clusters.map((group) => group.map((index) => records[index]!.id)),
    skippedKeys,
  };
}
