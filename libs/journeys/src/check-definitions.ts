import type { JourneyDefinition } from './definition.js';

/** What is wrong with the definition at `index`, where in its file, and how to mend it. */
export interface Fault {
  readonly index: number;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a JSON Schema cannot say of journeys. `purposes`: those of consent that are declared. */
export function faultsOf(journeys: readonly JourneyDefinition[], purposes: readonly string[]): readonly Fault[] {
  const seen = new Set<string>();
  return journeys.flatMap(({ id, version, appliesFrom, steps }, index) => {
    const faults: Fault[] = [];
    const say = (path: Fault['path'], message: string): void => void faults.push({ index, path, message });
    if (seen.has(`${id}/${version}`)) {
      say(['version'], `journey "${id}" has a version ${version} already; give this one the next number`);
    }
    seen.add(`${id}/${version}`);
    if (Number.isNaN(appliesFrom)) say(['applies_from'], 'is no date; write for example 2027-01-31T00:00:00Z');
    if (version > 1 && appliesFrom === 0) {
      say(['version'], 'applies_from is missing; add the time from which entries go by it, and keep the older file');
    }
    steps.forEach((step, i) => {
      if (steps.findIndex((other) => other.id === step.id) < i) {
        say(['steps', i, 'id'], `another step has the id "${step.id}"; give each step one of its own`);
      }
      if (step.kind === 'send' && !purposes.includes(step.purpose)) {
        const known = `name one of ${purposes.join(', ')}, or declare it in definitions/consent`;
        say(['steps', i, 'send', 'purpose'], `"${step.purpose}" is no declared purpose of consent; ${known}`);
      }
    });
    return faults;
  });
}
