import { join } from 'node:path';
import { profileRulesFrom, rulesFaultsOf, type ProfileFile, type ProfileRules } from '@rapport/profile';
import { DefinitionError } from './definition-error.js';
import { loadDefinitions } from './load-definitions.js';
import { loadWorkspaces } from './workspaces.js';

/**
 * How profiles are put together, by the files under `deploy/definitions/profile`; a workspace's days are those of its time
 * zone. Throws `DefinitionError` with every fault.
 */
export async function loadProfileRules(config: Parameters<typeof loadWorkspaces>[0]): Promise<ProfileRules> {
  const files = await loadDefinitions<ProfileFile>({
    folder: join(config.definitionsDir, 'profile'),
    schemaFile: join(config.schemasDir, 'definitions', 'profile.schema.json'),
  });
  const faults = rulesFaultsOf(files.map(({ value }) => value)).flatMap(
    ({ index, path, message }) => files[index]?.faultAt(path, message) ?? [],
  );
  if (faults.length > 0) throw new DefinitionError(faults);
  const timeZones = new Map((await loadWorkspaces(config)).map(({ id, timeZone }) => [id, timeZone]));
  return profileRulesFrom(
    files.map(({ value }) => value),
    (workspaceId) => timeZones.get(workspaceId) ?? 'UTC',
  );
}
