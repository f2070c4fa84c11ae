import {
  identifierOf,
  ruleOf,
  isKnownType,
  usableValue,
  type Identifier,
  type IdentityRules,
  type StoredIdentifier,
} from '@rapport/identity';
import { createGraphReader } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import { beingErased, BeingErasedException } from '../privacy/being-erased.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface IdentifierAddress {
  readonly workspaceId: string;
  /** `type:value`, a value whose type is tried (strongest first), or a profile id. */
  readonly text: string;
}

/**
 * The identifier that a text means, as the graph knows it; `undefined` where the graph does not know it. Throws
 * `BeingErasedException` where whoever has it is being erased, and nobody else has it.
 */
export async function findIdentifier(
  { postgres, vault }: Pick<Platform, 'postgres' | 'vault'>,
  rules: IdentityRules,
  { workspaceId, text }: IdentifierAddress,
): Promise<StoredIdentifier | undefined> {
  const candidates = namedBy(text, rules).flatMap(([type, value]): Identifier[] => {
    const usable = usableValue(value, ruleOf(type, rules), rules);
    return usable === undefined ? [] : [identifierOf(workspaceId, type, vault.hash(workspaceId, type, usable))];
  });
  const ids = candidates.map(({ id }) => id);
  if (uuid.test(text)) ids.push(text.toLowerCase());
  const stored = await createGraphReader(postgres).identifiers(ids);
  const profileIds = stored.map(({ profileId }) => profileId);
  const erased = await beingErased(postgres, workspaceId, [...new Set([...ids, ...profileIds])]);
  const known = new Map(
    stored
      .filter(({ identifier, profileId }) => identifier.workspaceId === workspaceId && !erased.has(profileId))
      .map((one) => [one.identifier.id, one]),
  );
  const found = ids.map((id) => known.get(id)).find((one) => one !== undefined);
  const [erasureId] = erased.values();
  if (found === undefined && erasureId !== undefined) throw new BeingErasedException(erasureId);
  return found;
}

/** What a text may mean, likeliest first: `type:value`, else a value of each type, strongest first. */
export function namedBy(text: string, rules: IdentityRules): readonly (readonly [type: string, value: string])[] {
  const values = rules.types.map(({ type }) => [type, text] as const);
  // An external type holds a colon itself, and so may a value.
  const typed = [...text.matchAll(/:/g)].flatMap(({ index }) => {
    const type = text.slice(0, index);
    return isKnownType(type, rules) ? [[type, text.slice(index + 1)] as const] : [];
  });
  return [...typed, ...values];
}
