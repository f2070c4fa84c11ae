import { BadRequestException } from '@nestjs/common';
import { identifierOf, isKnownType, ruleOf, usableValue } from '@rapport/identity';
import { storableText } from '@rapport/profile';
import type { Platform } from '@rapport/runtime';
import { namedBy } from '../identity/find-identifier.js';
import { identityRulesOf } from '../identity/identity-rules.js';
import { beingErased, BeingErasedException } from '../privacy/being-erased.js';
import type { IdentifierType } from './profile.dto.js';
import { findFirst, profileOfEmail, readProfile, type Candidates, type FoundProfile } from './profile.store.js';

export interface ProfileAddress {
  readonly workspaceId: string;
  readonly identifier: string;
  /**
   * Absent: tried as profile id, as `type:value`, as every type of the identity rules, strongest first, and last as an email address that
   * was given as a trait.
   */
  readonly type?: IdentifierType;
}

type FindingParts = Pick<Platform, 'config' | 'reads' | 'vault'>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The profile of a person by any identifier. Throws `BadRequestException` where the type is none of the identity rules, and
 * `BeingErasedException` where whoever has the identifier is being erased, and nobody else has it.
 */
export async function findProfile(parts: FindingParts, address: ProfileAddress): Promise<FoundProfile | undefined> {
  const { workspaceId, identifier, type } = address;
  const { reads } = parts;
  const { profileIds, identifierIds } = await candidatesOf(parts, address);
  const candidates = [...profileIds, ...identifierIds];
  if (candidates.length > 0) {
    const profile = await findFirst(reads, workspaceId, { profileIds, identifierIds });
    if (profile) return profile;
  }
  if (type === undefined || type === 'email') {
    const profileId = await profileOfEmail(reads, workspaceId, storableText(identifier.replace(/^email:/, '')));
    const profile = profileId && (await readProfile(reads, workspaceId, profileId));
    if (profile) return profile;
    if (profileId) candidates.push(profileId);
  }
  const [erasureId] = (await beingErased(reads, workspaceId, candidates)).values();
  if (erasureId !== undefined) throw new BeingErasedException(erasureId);
  return undefined;
}

/** The erasure under way of whoever has the identifier. */
export async function findErasureUnderWay(parts: FindingParts, address: ProfileAddress): Promise<string | undefined> {
  const { profileIds, identifierIds } = await candidatesOf(parts, address);
  const [erasureId] = (await beingErased(parts.reads, address.workspaceId, [...profileIds, ...identifierIds])).values();
  return erasureId;
}

async function candidatesOf(parts: FindingParts, address: ProfileAddress): Promise<Required<Candidates>> {
  const { identifier, type } = address;
  const profileIds =
    (type === undefined || type === 'profileId') && uuid.test(identifier) ? [identifier.toLowerCase()] : [];
  return { profileIds, identifierIds: type === 'profileId' ? [] : await identifierIdsOf(parts, address) };
}

/** What the identifier would be called in the identity graph, as each type that it may be. */
async function identifierIdsOf(
  { config, vault }: FindingParts,
  { workspaceId, identifier, type }: ProfileAddress,
): Promise<readonly string[]> {
  const rules = await identityRulesOf(config);
  if (type !== undefined && !isKnownType(type, rules)) {
    const known = rules.types.map((rule) => rule.type).join(', ');
    throw new BadRequestException(`type: is none of profileId, ${known}`);
  }
  const meant = type === undefined ? namedBy(identifier, rules) : [[type, identifier] as const];
  return meant.flatMap(([each, text]) => {
    const value = usableValue(text, ruleOf(each, rules), rules);
    return value === undefined ? [] : [identifierOf(workspaceId, each, vault.hash(workspaceId, each, value)).id];
  });
}
