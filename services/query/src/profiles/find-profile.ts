import { BadRequestException } from '@nestjs/common';
import { identifierOf, isKnownType, ruleOf, usableValue, type IdentityRules } from '@rapport/identity';
import { storableText } from '@rapport/profile';
import { loadIdentityRules, type Platform } from '@rapport/runtime';
import type { IdentifierType } from './profile.dto.js';
import { findFirst, profileOfEmail, readProfile, type FoundProfile } from './profile.store.js';

export interface ProfileAddress {
  readonly workspaceId: string;
  readonly identifier: string;
  /**
   * Absent: tried as profile id, as every type of the identity rules, strongest first, and last as an email address that
   * was given as a trait.
   */
  readonly type?: IdentifierType;
}

type FindingParts = Pick<Platform, 'config' | 'reads' | 'vault'>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const loadedRules = new WeakMap<Platform['config'], Promise<IdentityRules>>();

/** The profile of a person by any identifier. Throws `BadRequestException` where the type is none of the identity rules. */
export async function findProfile(parts: FindingParts, address: ProfileAddress): Promise<FoundProfile | undefined> {
  const { workspaceId, identifier, type } = address;
  const { reads } = parts;
  const profileIds = (type === undefined || type === 'profileId') && uuid.test(identifier) ? [identifier] : [];
  const identifierIds = type === 'profileId' ? [] : await identifierIdsOf(parts, address);
  if (profileIds.length + identifierIds.length > 0) {
    const profile = await findFirst(reads, workspaceId, { profileIds, identifierIds });
    if (profile) return profile;
  }
  if (type !== undefined && type !== 'email') return undefined;
  const profileId = await profileOfEmail(reads, workspaceId, storableText(identifier));
  return profileId === undefined ? undefined : readProfile(reads, workspaceId, profileId);
}

/** What the identifier would be called in the identity graph, as each type that it may be. */
async function identifierIdsOf(
  { config, vault }: FindingParts,
  { workspaceId, identifier, type }: ProfileAddress,
): Promise<readonly string[]> {
  const rules = await rulesOf(config);
  if (type !== undefined && !isKnownType(type, rules)) {
    const known = rules.types.map((rule) => rule.type).join(', ');
    throw new BadRequestException(`type: is none of profileId, ${known}`);
  }
  const types = type === undefined ? rules.types.map((rule) => rule.type) : [type];
  return types.flatMap((each) => {
    const value = usableValue(identifier, ruleOf(each, rules), rules);
    return value === undefined ? [] : [identifierOf(workspaceId, each, vault.hash(workspaceId, each, value)).id];
  });
}

function rulesOf(config: Platform['config']): Promise<IdentityRules> {
  const known = loadedRules.get(config);
  if (known !== undefined) return known;
  const loading = loadIdentityRules(config);
  loadedRules.set(config, loading);
  return loading;
}
