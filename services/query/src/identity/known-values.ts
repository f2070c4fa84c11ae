import { ruleOf, isKnownType, usableValue, type IdentityRules } from '@rapport/identity';
import type { Platform } from '@rapport/runtime';
import type { ProfileRow } from '../profiles/profile.store.js';

const traitOfType: Readonly<Record<string, string>> = { email: 'email', phone: 'phone' };

/** Values that a profile holds in plain text, by the keyed hash that stands for them in the graph. */
export function knownValues(
  { vault }: Pick<Platform, 'vault'>,
  rules: IdentityRules,
  workspaceId: string,
  row: Pick<ProfileRow, 'identifiers' | 'traits'> | undefined,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const know = (type: string, value: unknown): void => {
    const usable = isKnownType(type, rules) ? usableValue(value, ruleOf(type, rules), rules) : undefined;
    if (usable !== undefined) values.set(vault.hash(workspaceId, type, usable), usable);
  };
  for (const [type, seen] of Object.entries(row?.identifiers ?? {})) for (const [value] of seen) know(type, value);
  for (const [type, trait] of Object.entries(traitOfType)) know(type, row?.traits[trait]);
  return values;
}
