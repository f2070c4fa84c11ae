import { isKnownType, ruleOf, usableValue, type IdentityRules } from '@rapport/identity';
import type { Platform } from '@rapport/runtime';
import type { ProfileDto } from './profile.dto.js';
import type { ProfileRow } from './profile.store.js';

type IdentifiersView = Pick<ProfileDto, 'identifiers' | 'quarantinedIdentifiers'>;

interface IdentityGraph {
  readonly vault: Pick<Platform['vault'], 'hash'>;
  readonly rules: IdentityRules;
  readonly workspaceId: string;
}

/**
 * What came with a person, told apart: what the identity graph holds to be theirs, and what it does not, because somebody else
 * has it or a rule refused it. Blocked values mean nobody and are left out. `hashes` are those of the person in the graph; all is
 * taken for theirs where it does not know the person (a replay of `resolve` has just begun, for example).
 */
export function identifiersView(
  seen: ProfileRow['identifiers'],
  hashes: readonly string[] | null,
  { vault, rules, workspaceId }: IdentityGraph,
): IdentifiersView {
  const theirs = new Set(hashes);
  const placeOf = (type: string, value: string): keyof IdentifiersView | undefined => {
    if (hashes === null || !isKnownType(type, rules)) return 'identifiers';
    const usable = usableValue(value, ruleOf(type, rules), rules);
    if (usable === undefined) return undefined;
    return theirs.has(vault.hash(workspaceId, type, usable)) ? 'identifiers' : 'quarantinedIdentifiers';
  };
  const view = { identifiers: {}, quarantinedIdentifiers: {} } as Record<
    keyof IdentifiersView,
    Record<string, string[]>
  >;
  for (const [type, values] of Object.entries(seen)) {
    for (const [value] of values) {
      const place = placeOf(type, value);
      if (place !== undefined) (view[place][type] ??= []).push(value);
    }
  }
  return view;
}
