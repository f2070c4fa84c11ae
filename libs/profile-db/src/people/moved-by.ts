import type { ProfilesMerged, ProfilesSplit } from '@rapport/events';
import type { ProfilesMoved } from './people-table.js';

/** A merge or a split as all consumers read it: which lone profiles live where from now on. */
export interface ProfilesMovedByEvent extends ProfilesMoved {
  /** After a split, whom it concerns: the profiles that leave, and the person they leave. Empty after a merge. */
  readonly leaving: readonly string[];
  /** Log time of the event. */
  readonly at: number;
  /** Event time of what showed it. */
  readonly timestamp: number;
  readonly causeId: string;
}

export type MoveEvent =
  | { readonly name: 'profiles-merged'; readonly value: ProfilesMerged }
  | { readonly name: 'profiles-split'; readonly value: ProfilesSplit };

export function movedBy(event: MoveEvent, at: number): ProfilesMovedByEvent {
  const { workspaceId, profileIds, sequence, timestamp } = event.value;
  const about = { workspaceId, profileIds, sequence, timestamp, at };
  if (event.name === 'profiles-merged') {
    return { ...about, to: event.value.survivorId, leaving: [], causeId: event.value.messageId };
  }
  const { profileId, fromId, causeId } = event.value;
  return { ...about, to: profileId, leaving: [...profileIds, fromId], causeId };
}
