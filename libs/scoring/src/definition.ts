import { parseDuration } from '@rapport/events';

/** A score as its YAML file says it, already checked against `schemas/definitions/score.schema.json`. */
export interface ScoreFile {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly kind: 'rfm';
  readonly recompute_after?: string;
}

export interface ScoreDefinition {
  readonly id: string;
  readonly name: string;
  readonly kind: 'rfm';
  /** How long changes are gathered before everybody is ranked again, milliseconds. */
  readonly recomputeAfterMs: number;
}

export const defaultRecomputeAfter = '60 seconds';

export function scoreFrom({ id, name, kind, recompute_after }: ScoreFile): ScoreDefinition {
  return { id, name, kind, recomputeAfterMs: parseDuration(recompute_after ?? defaultRecomputeAfter) };
}
