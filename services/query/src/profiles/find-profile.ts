import { storableText } from '@rapport/profile';
import type { Platform } from '@rapport/runtime';
import type { IdentifierType } from './profile.dto.js';
import { profileOfEmail, profileOfIdentifier, readProfile, type ProfileRow } from './profile.store.js';

export interface ProfileAddress {
  readonly workspaceId: string;
  readonly identifier: string;
  /** Absent: tried as profile id, userId, anonymousId and email address, in this order. */
  readonly type?: IdentifierType;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function findProfile(
  { postgres, vault }: Pick<Platform, 'postgres' | 'vault'>,
  { workspaceId, identifier, type }: ProfileAddress,
): Promise<ProfileRow | undefined> {
  const byHash = (kind: 'userId' | 'anonymousId') =>
    profileOfIdentifier(postgres, {
      workspaceId,
      type: kind,
      hash: vault.hash(workspaceId, kind, identifier),
    });
  const ways: Record<IdentifierType, () => Promise<string | undefined>> = {
    profileId: () => Promise.resolve(uuid.test(identifier) ? identifier : undefined),
    userId: () => byHash('userId'),
    anonymousId: () => byHash('anonymousId'),
    email: () => profileOfEmail(postgres, workspaceId, storableText(identifier)),
  };
  for (const find of type === undefined ? Object.values(ways) : [ways[type]]) {
    const profileId = await find();
    const profile = profileId === undefined ? undefined : await readProfile(postgres, workspaceId, profileId);
    if (profile) return profile;
  }
  return undefined;
}
