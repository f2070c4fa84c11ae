import path from 'node:path';
import { identityFaults, identityRules, type IdentityDocument, type IdentityRules } from '@rapport/identity';
import type { RapportConfig } from '../config/config.js';
import { DefinitionError } from './definition-error.js';
import { loadDefinitions } from './load-definitions.js';

/** The rules of identity resolution, one file under `<definitions>/identity`. Throws `DefinitionError` with every fault. */
export async function loadIdentityRules(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<IdentityRules> {
  const folder = path.join(config.definitionsDir, 'identity');
  const schemaFile = path.join(config.schemasDir, 'definitions', 'identity.schema.json');
  const [first, ...others] = await loadDefinitions<IdentityDocument>({ folder, schemaFile });
  if (!first) {
    const message = 'there are no identity rules in this folder; add a file like default.yaml';
    throw new DefinitionError([{ file: folder, line: 1, column: 1, path: '', message }]);
  }
  const faults = [
    ...others.map(({ faultAt }) => faultAt([], `the rules stand in ${first.file} already; keep one file`)),
    ...identityFaults(first.value).map(({ path: at, message }) => first.faultAt(at, message)),
  ];
  if (faults.length > 0) throw new DefinitionError(faults);
  return identityRules(first.value);
}
