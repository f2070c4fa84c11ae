import type { IdentifierLinked, LinkRefused, ProfilesMerged } from '@rapport/events';
import type { Identifier, RootProfile } from './identity-graph.js';

/**
 * What a touchpoint taught about who is who, in the terms of the graph; `toLogEvent` gives the record for the log, which
 * carries hashes and ids only.
 */
export type IdentityEvent =
  | { readonly name: 'identifier-linked'; readonly identifier: Identifier; readonly profile: RootProfile }
  | {
      readonly name: 'profiles-merged';
      readonly workspaceId: string;
      readonly mergedId: string;
      readonly survivor: RootProfile;
      readonly reason: MergeReason;
    }
  | {
      readonly name: 'link-refused';
      readonly lead: Identifier;
      readonly identifier: Identifier;
      readonly profile: RootProfile;
      readonly reason: 'belongs-to-another';
    };

/** `identified`: an anonymous person told who they are; `alias`: the sender declared two ids to be one person. */
export type MergeReason = 'identified' | 'alias';

/** The touchpoint that showed it. */
export interface Cause {
  readonly messageId: string;
  /** Event time, milliseconds since the epoch. */
  readonly timestamp: number;
}

export type IdentityRecord =
  | { readonly name: 'identifier-linked'; readonly key: string; readonly value: IdentifierLinked }
  | { readonly name: 'profiles-merged'; readonly key: string; readonly value: ProfilesMerged }
  | { readonly name: 'link-refused'; readonly key: string; readonly value: LinkRefused };

export function toLogEvent(event: IdentityEvent, { messageId, timestamp }: Cause): IdentityRecord {
  if (event.name === 'profiles-merged') {
    const { name, workspaceId, mergedId, reason } = event;
    const survivorId = event.survivor.profileId;
    return {
      name,
      key: mergedId,
      value: { workspaceId, survivorId, mergedId, profileIds: [mergedId], sequence: 0, reason, timestamp, messageId },
    };
  }
  const { workspaceId, type, hash } = event.identifier;
  const { profileId } = event.profile;
  const link = { workspaceId, profileId, identifierType: type, identifierHash: hash, timestamp, messageId };
  return event.name === 'link-refused'
    ? { name: event.name, key: profileId, value: { ...link, reason: event.reason } }
    : { name: event.name, key: profileId, value: link };
}
