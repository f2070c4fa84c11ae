import path from 'node:path';
import type { FactoryProvider } from '@nestjs/common';
import { duplicatesFrom, type DuplicatesDefinition, type DuplicatesFile } from '@rapport/identity';
import { DefinitionError, loadDefinitions, PLATFORM, type Platform, type RapportConfig } from '@rapport/runtime';

/** Nest injection token of how duplicates are found: `@Inject(DUPLICATES_DEFINITION) definition: DuplicatesDefinition`. */
export const DUPLICATES_DEFINITION = Symbol('rapport.duplicates-definition');

export const duplicatesDefinitionProvider: FactoryProvider<DuplicatesDefinition> = {
  provide: DUPLICATES_DEFINITION,
  useFactory: (platform: Platform) => loadDuplicateRules(platform.config),
  inject: [PLATFORM],
};

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
