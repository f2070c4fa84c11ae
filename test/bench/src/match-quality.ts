import type { DuplicateReport } from '@rapport/identity';

export interface Quality {
  readonly predicted: number;
  readonly correct: number;
  readonly truePairs: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Pairwise figures against all true pairs: of the suggested pairs, and of all pairs within the suggested clusters. */
export function qualityOf(
  report: Pick<DuplicateReport, 'pairs' | 'clusters'>,
  truth: ReadonlyMap<string, string>,
): { readonly pairs: Quality; readonly clusters: Quality } {
  const within = report.clusters.flatMap((group) => group.flatMap((a, i) => group.slice(i + 1).map((b) => ({ a, b }))));
  return { pairs: measure(report.pairs, truth), clusters: measure(within, truth) };
}

function measure(
  pairs: readonly { readonly a: string; readonly b: string }[],
  truth: ReadonlyMap<string, string>,
): Quality {
  const sizes = new Map<string, number>();
  for (const person of truth.values()) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  const truePairs = [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  const correct = pairs.filter(({ a, b }) => truth.get(a) === truth.get(b)).length;
  const precision = pairs.length === 0 ? 0 : correct / pairs.length;
  const recall = truePairs === 0 ? 0 : correct / truePairs;
  const f1 = correct === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { predicted: pairs.length, correct, truePairs, precision, recall, f1 };
}
