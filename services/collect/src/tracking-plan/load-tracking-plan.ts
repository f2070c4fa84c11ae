import path from 'node:path';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { DefinitionError, loadDefinitions, type Definition, type RapportConfig } from '@rapport/runtime';
import type { PlanDocument, PlannedCall } from './plan-document.js';
import { compilePlan, createCallCompiler, type CheckPlan } from './tracking-plan.js';

/**
 * The tracking plan: the events that come with Rapport (`schemas/tracking-plan`), and those of the installation
 * (`tracking-plan` among its definitions), which may plan one of the same name anew. Throws `DefinitionError` with every fault.
 */
export async function loadTrackingPlan(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<CheckPlan> {
  const schemaFile = path.join(config.schemasDir, 'definitions', 'tracking-plan.schema.json');
  const shipped = await loadDefinitions<PlanDocument>({
    folder: path.join(config.schemasDir, 'tracking-plan'),
    schemaFile,
  });
  const own = await loadDefinitions<PlanDocument>({
    folder: path.join(config.definitionsDir, 'tracking-plan'),
    schemaFile,
  });
  const compile = createCallCompiler();
  const events = new Map<string, ValidateFunction>();
  const traits: { identify?: ValidateFunction; group?: ValidateFunction } = {};
  const faults = [shipped, own].flatMap(repeatedEvents);
  for (const { value, faultAt } of [...shipped, ...own]) {
    const take = (path: string[], call: PlannedCall, keep: (validate: ValidateFunction) => void): void => {
      try {
        keep(compile(call));
      } catch (error) {
        faults.push(faultAt([...path, 'properties'], `is no JSON Schema: ${(error as Error).message}`));
      }
    };
    for (const [name, call] of Object.entries(value.events ?? {})) {
      take(['events', name], call, (validate) => events.set(name, validate));
    }
    if (value.identify) take(['identify'], value.identify, (validate) => (traits.identify = validate));
    if (value.group) take(['group'], value.group, (validate) => (traits.group = validate));
  }
  if (faults.length > 0) throw new DefinitionError(faults);
  return compilePlan({ events, identify: traits.identify, group: traits.group });
}

function repeatedEvents(definitions: readonly Definition<PlanDocument>[]) {
  const seen = new Set<string>();
  return definitions.flatMap(({ value, faultAt }) =>
    Object.keys(value.events ?? {})
      .filter((name) => seen.has(name) || !seen.add(name))
      .map((name) => faultAt(['events', name], `"${name}" is planned in another file too; keep one of the two`)),
  );
}
