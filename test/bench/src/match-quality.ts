import type { DuplicateReport } from '@rapport/identity';

export interface Quality {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface QualityFound {
  /** Of the suggested pairs against all true pairs. */
  readonly pairs: Quality;
  /** Of those of them whose own evidence does, without what their groups add. */
  readonly alone: Quality;
  /** Of whole groups: one is right that holds all records of one person and nobody else's. */
  readonly people: Quality;
}

export function qualityOf(
  { pairs, groups }: Pick<DuplicateReport, 'pairs' | 'groups'>,
  truth: ReadonlyMap<string, string>,
): QualityFound {
  const sizes = new Map<string, number>();
  for (const person of truth.values()) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  const several = [...sizes.values()].filter((size) => size > 1);
  const truePairs = several.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  const pairQuality = (some: DuplicateReport['pairs']): Quality =>
    quality(some.length, some.filter(({ a, b }) => truth.get(a) === truth.get(b)).length, truePairs);
  const whole = groups.filter((group) => {
    const people = new Set(group.map((id) => truth.get(id)));
    return people.size === 1 && sizes.get([...people][0] ?? '') === group.length;
  });
  return {
    pairs: pairQuality(pairs),
    alone: pairQuality(pairs.filter(({ isByGroup }) => !isByGroup)),
    people: quality(groups.length, whole.length, several.length),
  };
}

function quality(predicted: number, correct: number, all: number): Quality {
  const precision = predicted === 0 ? 0 : correct / predicted;
  const recall = all === 0 ? 0 : correct / all;
  const f1 = correct === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
