import type { IdentifierLinked, LinkRefused, ProfilesMerged, ProfilesSplit } from '@rapport/events';
import type { Identifier } from './identifier.js';

/**
 * Why a link does not join its two identifiers:
 * - `over-limit`: the profile would hold more identifiers of a type than the rules allow (for example two userIds)
 * - `attach-only`: an identifier that may belong to a profile but not join two would have joined two
 * - `shared`: one of them was seen with more people than one person's identifier can be
 * - `too-many-links`: one of them was seen with more identifiers of the other's type than anybody has
 * - `profile-too-large`: the profile would hold more identifiers than the rules allow
 * - `entangled`: more identifiers hang together than can be told apart (a mega-cluster); each of them stands alone
 * - `kept-apart`: an operator said that they, or two that they would join, are different people
 */
export type RefusalReason =
  'over-limit' | 'attach-only' | 'shared' | 'too-many-links' | 'profile-too-large' | 'entangled' | 'kept-apart';

/** `identified`: seen together; `alias`: the sender declared two ids to be one person; `decided`: an operator did. */
export type LinkReason = 'identified' | 'alias' | 'decided';

/** What a touchpoint or a decision changed in who is who; `toLogEvent` gives the record for the log. */
export type IdentityEvent =
  | { readonly name: 'identifier-linked'; readonly identifier: Identifier; readonly profileId: string }
  | {
      readonly name: 'profiles-merged';
      readonly workspaceId: string;
      readonly survivorId: string;
      readonly mergedId: string;
      readonly profileIds: readonly string[];
      readonly reason: LinkReason;
    }
  | {
      readonly name: 'profiles-split';
      readonly workspaceId: string;
      readonly fromId: string;
      readonly profileId: string;
      readonly profileIds: readonly string[];
      readonly reason: string;
    }
  | {
      readonly name: 'link-refused';
      /** The weaker of the two, quarantined as far as this link goes. */
      readonly identifier: Identifier;
      readonly linked: Identifier;
      /** The profile of `linked`. */
      readonly profileId: string;
      readonly reason: RefusalReason;
    };

/** The touchpoint or decision that showed it. */
export interface Cause {
  readonly id: string;
  /** Event time of a touchpoint, time of a decision; milliseconds since the epoch. */
  readonly timestamp: number;
}

export type IdentityRecord =
  | { readonly name: 'identifier-linked'; readonly key: string; readonly value: IdentifierLinked }
  | { readonly name: 'profiles-merged'; readonly key: string; readonly value: ProfilesMerged }
  | { readonly name: 'profiles-split'; readonly key: string; readonly value: ProfilesSplit }
  | { readonly name: 'link-refused'; readonly key: string; readonly value: LinkRefused };

/** The record for the topic `identities`: hashes and ids only. `sequence` orders it among all of the workspace. */
export function toLogEvent(event: IdentityEvent, sequence: number, { id, timestamp }: Cause): IdentityRecord {
  switch (event.name) {
    case 'profiles-merged': {
      const { name, ...merge } = event;
      return { name, key: event.mergedId, value: { ...merge, sequence, timestamp, messageId: id } };
    }
    case 'profiles-split': {
      const { name, ...split } = event;
      return { name, key: event.profileId, value: { ...split, sequence, timestamp, causeId: id } };
    }
    case 'identifier-linked': {
      const { name, identifier, profileId } = event;
      return { name, key: profileId, value: { ...hashed(identifier), profileId, sequence, timestamp, messageId: id } };
    }
    case 'link-refused': {
      const { name, identifier, linked, profileId, reason } = event;
      const { type: linkedType, hash: linkedHash } = linked;
      const value = { ...hashed(identifier), profileId, linkedType, linkedHash, reason, sequence, timestamp };
      return { name, key: profileId, value: { ...value, messageId: id } };
    }
  }
}

function hashed({ workspaceId, type, hash }: Identifier) {
  return { workspaceId, identifierType: type, identifierHash: hash };
}
