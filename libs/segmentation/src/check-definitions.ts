import { nothingKnown } from './condition-state.js';
import type { SegmentDefinition } from './definition.js';
import { evaluate } from './evaluate.js';

/** What a JSON Schema cannot say of segment definitions. One sentence a fault: what, where and how to mend it. */
export function faultsOf(definitions: readonly SegmentDefinition[]): readonly string[] {
  const seen = new Set<string>();
  return definitions.flatMap((definition) => {
    const faults: string[] = [];
    if (seen.has(definition.id)) {
      faults.push(`segment "${definition.id}" is defined twice; give one of the two another id`);
    }
    seen.add(definition.id);
    // The stream only ever sees people who did something, so the two evaluators could not agree on such a segment.
    if (evaluate(definition.when, nothingKnown, 0).member) {
      faults.push(
        `segment "${definition.id}" holds of people who did nothing at all; add a condition on what they performed`,
      );
    }
    return faults;
  });
}
