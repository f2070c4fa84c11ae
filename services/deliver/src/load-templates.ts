import path from 'node:path';
import { DefinitionError, loadDefinitions, type RapportConfig } from '@rapport/runtime';
import { templateFaults, templateFrom, type Template, type TemplateFile } from './template.js';

/** The templates under `deploy/definitions/templates` by id. Throws `DefinitionError` with every fault of every file. */
export async function loadTemplates(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<ReadonlyMap<string, Template>> {
  const files = await loadDefinitions<TemplateFile>({
    folder: path.join(config.definitionsDir, 'templates'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'template.schema.json'),
  });
  const faults = files.flatMap(({ value, faultAt }, i) => [
    ...templateFaults(value).map(({ part, message }) => faultAt([part], message)),
    ...(files.findIndex((other) => other.value.id === value.id) < i
      ? [faultAt(['id'], `another template has the id "${value.id}"; give one of the two another`)]
      : []),
  ]);
  if (faults.length > 0) throw new DefinitionError(faults);
  return new Map(files.map(({ value }) => [value.id, templateFrom(value)]));
}
