import type { Stage, StageCondition } from './stage.js';

/** The events that a stage asks for by name. */
export function lifecycleEventsOf(stages: readonly Stage[]): ReadonlySet<string> {
  return new Set(stages.flatMap(({ when }) => eventsOf(when)));
}

function eventsOf(condition: StageCondition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(eventsOf);
    case 'not':
      return eventsOf(condition.of);
    case 'performed':
      return condition.events;
    default:
      return [];
  }
}
