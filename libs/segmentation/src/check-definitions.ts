import { nothingKnown } from './condition-state.js';
import type { SegmentDefinition } from './definition.js';
import { evaluate } from './evaluate.js';

/** What is wrong with the definition at `index`, where in its file, and how to mend it. */
export interface Fault {
  readonly index: number;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a JSON Schema cannot say of segment definitions. */
export function faultsOf(definitions: readonly SegmentDefinition[]): readonly Fault[] {
  const seen = new Set<string>();
  return definitions.flatMap(({ id, when }, index) => {
    const faults: Fault[] = [];
    if (seen.has(id)) {
      faults.push({ index, path: ['id'], message: `another segment has the id "${id}"; give one of the two another` });
    }
    seen.add(id);
    // The stream only ever sees people who did something, so the two evaluators could not agree on such a segment.
    if (evaluate(when, nothingKnown, 0).member) {
      const message = 'holds of people who did nothing at all; add a condition on what they performed';
      faults.push({ index, path: ['when'], message });
    }
    return faults;
  });
}
