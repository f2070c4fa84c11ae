import path from 'node:path';
import { duplicatesFrom, type DuplicatesDefinition, type DuplicatesFile } from '@rapport/identity';
import { DefinitionError, loadDefinitions, type RapportConfig } from '@rapport/runtime';

/** The one file under `deploy/definitions/duplicates`. Throws `DefinitionError`. */
export async function loadDuplicateRules(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<DuplicatesDefinition> {
  const folder = path.join(config.definitionsDir, 'duplicates');
  const schemaFile = path.join(config.schemasDir, 'definitions', 'duplicates.schema.json');
  const files = await loadDefinitions<DuplicatesFile>({ folder, schemaFile });
  const [file, second] = files;
  if (file === undefined || second !== undefined) {
    const message = `${files.length} files say how duplicates are found; keep one`;
    throw new DefinitionError([
      second?.faultAt([], message) ?? { file: folder, line: 1, column: 1, path: '', message },
    ]);
  }
  try {
    return duplicatesFrom(file.value);
  } catch (error) {
    throw new DefinitionError([file.faultAt(['compare_when_equal'], (error as Error).message)]);
  }
}
