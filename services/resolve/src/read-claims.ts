import { deriveId, type Touchpoint } from '@rapport/events';
import type { SubjectVault } from '@rapport/event-log';
import { identifiersOf, type IdentityRules, type LinkableIdentifier } from '@rapport/identity';
import type { LogRecord } from '@rapport/event-log';
import { LRUCache } from 'lru-cache';

/** A touchpoint and who it says it is about. */
export interface Claim {
  readonly record: LogRecord;
  readonly touchpoint: Touchpoint;
  /** Strongest first. */
  readonly identifiers: readonly LinkableIdentifier[];
  /** Where no identifier is usable: the profile that our own service named, or one for this message alone. */
  readonly fallbackProfileId: string;
}

export interface TouchpointInput {
  readonly record: LogRecord;
  readonly touchpoint: Touchpoint;
}

const profileIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const maxHashes = 100_000;

/** Opens touchpoints and reads who they are about; `undefined` where the subject was erased. */
export function createClaimReader(vault: SubjectVault, rules: IdentityRules) {
  const hashes = new LRUCache<string, string>({ max: maxHashes });

  const hash = (workspaceId: string, type: string, value: string): string => {
    const key = `${workspaceId}\n${type}\n${value}`;
    let known = hashes.get(key);
    if (known === undefined) {
      known = vault.hash(workspaceId, type, value);
      hashes.set(key, known);
    }
    return known;
  };

  return async (inputs: readonly TouchpointInput[]): Promise<readonly (Claim | undefined)[]> => {
    const contents = await vault.openContent(
      inputs.map(({ touchpoint: { workspaceId, subjectId, keyId, messageId, content } }) => ({
        workspaceId,
        subjectId,
        keyId,
        boundTo: messageId,
        bytes: content,
      })),
    );
    return inputs.map(({ record, touchpoint }, i) => {
      const content = contents[i];
      if (!content) return undefined;
      const { workspaceId, messageId, type } = touchpoint;
      const identifiers = identifiersOf(type, content, rules).map((named): LinkableIdentifier => ({
        workspaceId,
        type: named.type,
        hash: hash(workspaceId, named.type, named.value),
        strength: named.strength,
      }));
      const { profileId } = content;
      const fallbackProfileId =
        profileId !== undefined && profileIdPattern.test(profileId)
          ? profileId
          : deriveId('profile-of-message', workspaceId, messageId);
      return { record, touchpoint, identifiers, fallbackProfileId };
    });
  };
}
