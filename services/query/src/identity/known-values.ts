import { ruleOf, isKnownType, usableValue, type IdentityRules } from '@rapport/identity';
import { loadSql } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import type { ProfileRow } from '../profiles/profile.store.js';

const readPlain = loadSql(import.meta.url, 'read-plain-identifiers');
const traitOfType: Readonly<Record<string, string>> = { email: 'email', phone: 'phone' };

/** Values that profiles hold in plain text, by the keyed hash that stands for them in the graph. */
export async function knownValues(
  { vault, reads }: Pick<Platform, 'vault' | 'reads'>,
  rules: IdentityRules,
  workspaceId: string,
  profileIds: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const know = (type: string, value: unknown): void => {
    const usable = isKnownType(type, rules) ? usableValue(value, ruleOf(type, rules), rules) : undefined;
    if (usable !== undefined) values.set(vault.hash(workspaceId, type, usable), usable);
  };
  const asked = [workspaceId, [...new Set(profileIds)]];
  const { rows } = await reads.query<Pick<ProfileRow, 'identifiers' | 'traits'>>(readPlain, asked);
  for (const { identifiers, traits } of rows) {
    for (const [type, seen] of Object.entries(identifiers)) for (const [value] of seen) know(type, value);
    for (const [type, trait] of Object.entries(traitOfType)) know(type, traits[trait]);
  }
  return values;
}
