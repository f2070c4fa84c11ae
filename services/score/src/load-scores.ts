import path from 'node:path';
import { DefinitionError, loadDefinitions, type RapportConfig } from '@rapport/runtime';
import { scoreFrom, type ScoreDefinition, type ScoreFile } from '@rapport/scoring';

/** The scores under `deploy/definitions/scores`. Throws `DefinitionError` with every fault of every file. */
export async function loadScores(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<readonly ScoreDefinition[]> {
  const files = await loadDefinitions<ScoreFile>({
    folder: path.join(config.definitionsDir, 'scores'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'score.schema.json'),
  });
  const faults = files.flatMap(({ value, faultAt }, i) =>
    files.findIndex((other) => other.value.id === value.id) < i
      ? [faultAt(['id'], `another score has the id "${value.id}"; give one of the two another`)]
      : [],
  );
  if (faults.length > 0) throw new DefinitionError(faults);
  return files.map(({ value }) => scoreFrom(value));
}
