/** An identifier (by keyed hash) now belongs to a profile. Key: `profileId`. */
export interface IdentifierLinked {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly identifierType: string;
  readonly identifierHash: string;
  /** Orders it among the merges and splits of the workspace. */
  readonly sequence: number;
  /** Event time of the touchpoint that showed the link. */
  readonly timestamp: number;
  readonly messageId: string;
}

/**
 * Two profiles turned out to be one person: `profileIds`, `mergedId` among them, live on in `survivorId`. Of two events
 * that name a profile, the one with the higher `sequence` counts, in whatever order they are read. Key: `mergedId`.
 */
export interface ProfilesMerged {
  readonly workspaceId: string;
  readonly survivorId: string;
  readonly mergedId: string;
  /** Lone profiles (see `ProfileTouchpoint.loneProfileId`) that live on in `survivorId` from now on. */
  readonly profileIds: readonly string[];
  /** Grows with every merge and split of a workspace. */
  readonly sequence: number;
  readonly reason: string;
  readonly timestamp: number;
  readonly messageId: string;
}

/**
 * Profiles that were taken for one person are not: `profileIds` leave `fromId` and are the person `profileId` from now
 * on. `sequence` as in `ProfilesMerged`. Key: `profileId`.
 */
export interface ProfilesSplit {
  readonly workspaceId: string;
  readonly fromId: string;
  /** The person that those who leave are now; one of `profileIds`. */
  readonly profileId: string;
  readonly profileIds: readonly string[];
  readonly sequence: number;
  readonly reason: string;
  readonly timestamp: number;
  /** The touchpoint or decision that showed it. */
  readonly causeId: string;
}

/**
 * Two identifiers that came together are not joined: joining them would break a rule, or they mean nobody (a shared
 * device). `identifier`, the weaker one, is quarantined as far as its link with `linked` goes. Key: `profileId`.
 */
export interface LinkRefused {
  readonly workspaceId: string;
  /** The profile of `linked`. */
  readonly profileId: string;
  readonly identifierType: string;
  readonly identifierHash: string;
  readonly linkedType: string;
  readonly linkedHash: string;
  readonly sequence: number;
  readonly reason: string;
  readonly timestamp: number;
  readonly messageId: string;
}

/**
 * An operator's word on who is one person: the first identifier and each of the others are (`link`), or are not
 * (`split`). Of two decisions on a pair, the later one on the log holds. Key: `workspaceId`.
 */
export interface IdentityDecided {
  readonly workspaceId: string;
  readonly decisionId: string;
  readonly kind: 'link' | 'split';
  /** Two or more, as keyed hashes of their normalised values. */
  readonly identifiers: readonly { readonly type: string; readonly hash: string }[];
  /** Why, for example `operator` or `duplicate-accepted`. Never personal. */
  readonly reason: string;
  /** Who decided: the name of an API key, or `cli`. */
  readonly decidedBy: string;
  readonly decidedAt: number;
}
