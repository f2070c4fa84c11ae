import path from 'node:path';
import { faultsOf, journeyFrom, type JourneyDefinition, type JourneyFile } from '@rapport/journeys';
import { DefinitionError, loadConsentPolicy, loadDefinitions, type RapportConfig } from '@rapport/runtime';

/** All versions of the journeys under `deploy/definitions/journeys`. Throws `DefinitionError` with every fault of every file. */
export async function loadJourneys(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<readonly JourneyDefinition[]> {
  const files = await loadDefinitions<JourneyFile>({
    folder: path.join(config.definitionsDir, 'journeys'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'journey.schema.json'),
  });
  const journeys = files.map(({ value }) => journeyFrom(value));
  const policy = await loadConsentPolicy(config);
  const purposes = policy.purposes.map(({ id }) => id);
  const faults = faultsOf(journeys, purposes).flatMap(
    ({ index, path: at, message }) => files[index]?.faultAt(at, message) ?? [],
  );
  if (faults.length > 0) throw new DefinitionError(faults);
  return journeys;
}
