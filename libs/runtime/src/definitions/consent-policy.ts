import { join } from 'node:path';
import { consentFaults, consentPolicyFrom, type ConsentFile, type ConsentPolicy } from '@rapport/profile';
import type { RapportConfig } from '../config/config.js';
import { DefinitionError } from './definition-error.js';
import { loadDefinitions } from './load-definitions.js';

/** What people are asked, from the one file in `<definitions>/consent`. Throws `DefinitionError` with every fault. */
export async function loadConsentPolicy(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<ConsentPolicy> {
  const folder = join(config.definitionsDir, 'consent');
  const schemaFile = join(config.schemasDir, 'definitions', 'consent.schema.json');
  const definitions = await loadDefinitions<ConsentFile>({ folder, schemaFile });
  const [declared, another] = definitions;
  if (declared === undefined) {
    const message = 'nothing says what people are asked; add a file like consent.yaml of deploy/definitions/consent';
    throw new DefinitionError([{ file: folder, line: 1, column: 1, path: '', message }]);
  }
  const faults = consentFaults(declared.value).map(({ path, message }) => declared.faultAt(path, message));
  if (another)
    faults.push(another.faultAt([], `is a second file of purposes; move what it says into ${declared.file}`));
  if (faults.length > 0) throw new DefinitionError(faults);
  return consentPolicyFrom(declared.value);
}
