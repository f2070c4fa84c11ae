import type { ProfilesMerged, ProfilesSplit } from '@rapport/events';

/** Merges and splits of one workspace as `resolve` tells them: with all lone profiles that move, and growing sequences. */
export class Identities {
  private readonly livesIn = new Map<string, string>();
  private sequence = 0;

  constructor(private readonly workspaceId: string) {}

  /** The person a lone profile is now. */
  personOf(profileId: string): string {
    return this.livesIn.get(profileId) ?? profileId;
  }

  /** Lone profiles of one person; a profile never named here is a person of its own. */
  profilesOf(person: string): readonly string[] {
    const moved = [...this.livesIn].flatMap(([profileId, livesIn]) => (livesIn === person ? [profileId] : []));
    return this.livesIn.has(person) ? moved : [person, ...moved];
  }

  merged(survivor: string, merged: string, about: Partial<ProfilesMerged> = {}): ProfilesMerged {
    const survivorId = this.personOf(survivor);
    const mergedId = this.personOf(merged);
    const profileIds = this.profilesOf(mergedId);
    this.move(profileIds, survivorId);
    return {
      workspaceId: this.workspaceId,
      survivorId,
      mergedId,
      profileIds,
      sequence: this.sequence,
      reason: 'identified',
      timestamp: 0,
      messageId: `merge-${this.sequence}`,
      ...about,
    };
  }

  /** The profiles named, all of one person and not the one it has its id from, leave it; the first gives its id. */
  split(profileIds: readonly [string, ...string[]], about: Partial<ProfilesSplit> = {}): ProfilesSplit {
    const [profileId] = profileIds;
    const fromId = this.personOf(profileId);
    this.move(profileIds, profileId);
    return {
      workspaceId: this.workspaceId,
      fromId,
      profileId,
      profileIds,
      sequence: this.sequence,
      reason: 'split',
      timestamp: 0,
      causeId: `split-${this.sequence}`,
      ...about,
    };
  }

  private move(profileIds: readonly string[], to: string): void {
    this.sequence += 1;
    for (const profileId of profileIds) this.livesIn.set(profileId, to);
  }
}
