import { deriveId, type Touchpoint, type TouchpointContent } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import {
  identifierOf,
  identifiersOf,
  type IdentityRules,
  type LinkableIdentifier,
  type NamedIdentifier,
} from '@rapport/identity';
import { LRUCache } from 'lru-cache';

/** A touchpoint and who it says it is about. */
export interface Claim {
  readonly record: LogRecord;
  readonly touchpoint: Touchpoint;
  /** Strongest first. */
  readonly identifiers: readonly LinkableIdentifier[];
  /** Where no identifier is usable: the profile that our own service named, or one for this message alone. */
  readonly fallbackProfileId: string | undefined;
}

export interface TouchpointInput {
  readonly record: LogRecord;
  readonly touchpoint: Touchpoint;
}

const profileIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const maxIdentifiers = 100_000;

/** Opens touchpoints and reads who they are about; `undefined` where the subject was erased. */
export function createClaimReader(vault: SubjectVault, rules: IdentityRules) {
  const hashed = new LRUCache<string, LinkableIdentifier>({ max: maxIdentifiers });

  const hash = (workspaceId: string, { type, value, strength }: NamedIdentifier): LinkableIdentifier => {
    const name = `${strength}\n${type}\n${workspaceId}\n${value}`;
    let identifier = hashed.get(name);
    if (identifier === undefined) {
      identifier = { ...identifierOf(workspaceId, type, vault.hash(workspaceId, type, value)), strength };
      hashed.set(name, identifier);
    }
    return identifier;
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
      const { workspaceId, type } = touchpoint;
      const identifiers = identifiersOf(type, content, rules).map((named) => hash(workspaceId, named));
      return { record, touchpoint, identifiers, fallbackProfileId: fallbackOf(identifiers, touchpoint, content) };
    });
  };
}

function fallbackOf(
  identifiers: readonly LinkableIdentifier[],
  { workspaceId, messageId }: Touchpoint,
  { profileId }: TouchpointContent,
): string | undefined {
  if (identifiers.length > 0) return undefined;
  return profileId !== undefined && profileIdPattern.test(profileId)
    ? profileId
    : deriveId('profile-of-message', workspaceId, messageId);
}
