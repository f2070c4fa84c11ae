import { deriveId, type Touchpoint, type TouchpointContent } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import {
  identifierOf,
  identifiersOf,
  type Identifier,
  type IdentityRules,
  type NamedIdentifier,
  type Sighting,
} from '@rapport/identity';
import { LRUCache } from 'lru-cache';

/** A touchpoint and who it says it is about. */
export interface Claim {
  readonly record: LogRecord;
  readonly touchpoint: Touchpoint;
  /** Absent where no identifier is usable. */
  readonly sighting: Sighting | undefined;
  /** Without a sighting: the profile that our own service named. */
  readonly namedProfileId: string | undefined;
}

export interface TouchpointInput {
  readonly record: LogRecord;
  readonly touchpoint: Touchpoint;
}

const profileIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const maxValues = 100_000;
/** So many contents are held at once: of a large batch they would be most of the memory. */
const openAtOnce = 1_000;
/** Types and workspaces that one value is remembered of. */
const maxMeanings = 8;

/** The profile of a message that identifies nobody: one of its own. */
export function profileOfMessage({ workspaceId, messageId }: Touchpoint): string {
  return deriveId('profile-of-message', workspaceId, messageId);
}

/** Opens touchpoints and reads who they are about; `undefined` where the subject was erased. */
export function createClaimReader(vault: SubjectVault) {
  // By the value alone: a key made of all three would cost more than to look who of the few it is.
  const hashed = new LRUCache<string, readonly Identifier[]>({ max: maxValues });

  const hash = (workspaceId: string, { type, value }: NamedIdentifier): Identifier => {
    const known = hashed.get(value) ?? [];
    for (const identifier of known) {
      if (identifier.type === type && identifier.workspaceId === workspaceId) return identifier;
    }
    const identifier = identifierOf(workspaceId, type, vault.hash(workspaceId, type, value));
    hashed.set(value, [identifier, ...known].slice(0, maxMeanings));
    return identifier;
  };

  const sightingOf = (
    touchpoint: Touchpoint,
    content: TouchpointContent,
    rules: IdentityRules,
  ): Sighting | undefined => {
    const { workspaceId, timestamp } = touchpoint;
    const [first, ...rest] = identifiersOf(touchpoint, content, rules);
    if (!first) return undefined;
    const others = rest.map((named) => ({ identifier: hash(workspaceId, named), strength: named.strength }));
    return { kind: 'sighting', lead: hash(workspaceId, first), others, timestamp };
  };

  const readSome = async (
    inputs: readonly TouchpointInput[],
    rules: IdentityRules,
  ): Promise<readonly (Claim | undefined)[]> => {
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
      const sighting = sightingOf(touchpoint, content, rules);
      const namedProfileId = sighting === undefined ? namedProfile(content) : undefined;
      return { record, touchpoint, sighting, namedProfileId };
    });
  };

  return async (inputs: readonly TouchpointInput[], rules: IdentityRules): Promise<readonly (Claim | undefined)[]> => {
    const claims: (Claim | undefined)[] = [];
    for (let from = 0; from < inputs.length; from += openAtOnce) {
      for (const claim of await readSome(inputs.slice(from, from + openAtOnce), rules)) claims.push(claim);
    }
    return claims;
  };
}

function namedProfile({ profileId }: TouchpointContent): string | undefined {
  return profileId !== undefined && profileIdPattern.test(profileId) ? profileId : undefined;
}
