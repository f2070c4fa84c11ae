/**
 * What a person allows or refuses, as one touchpoint said it. Key: `profileId`. `logPartition` and `logOffset` are the
 * touchpoint's position on `touchpoints`; with its times they order what was said.
 */
export interface ConsentRecorded {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Whose statement it is, whatever is merged or split later; see `ProfileTouchpoint.loneProfileId`. */
  readonly loneProfileId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly status: ConsentStatus;
  readonly lawfulBasis: string;
  /** Where it was said. */
  readonly sourceId: string;
  /** Version of the text that the person agreed to. */
  readonly textVersion: string | null;
  /** From then on it says nothing any more. */
  readonly expiresAt: number | null;
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly messageId: string;
  readonly logPartition: number;
  readonly logOffset: number;
  /** Lone profiles whose earlier statements this one overrides, as long as they are the same person. */
  readonly settles: readonly string[];
}

export const consentStatuses = ['granted', 'denied', 'withdrawn'] as const;
export type ConsentStatus = (typeof consentStatuses)[number];

/** How a person wishes to be written to. Key: `profileId`. Position and `settles` as in `ConsentRecorded`. */
export interface PreferenceRecorded {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly loneProfileId: string;
  readonly name: PreferenceName;
  /** `frequency`: id of a declared frequency. `paused-until`: ISO 8601. Empty: taken back. */
  readonly value: string;
  readonly sourceId: string;
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly messageId: string;
  readonly logPartition: number;
  readonly logOffset: number;
  readonly settles: readonly string[];
}

export const preferenceNames = ['frequency', 'paused-until'] as const;
export type PreferenceName = (typeof preferenceNames)[number];

/**
 * An identifier that nothing may be sent to and no import may bring back. Key: `identifierHash`, which holds workspace and
 * type; a null value takes it off the list.
 */
export interface SuppressionRecorded {
  readonly workspaceId: string;
  readonly identifierType: string;
  readonly identifierHash: string;
  /** `imports`: the person may come back by themselves. `everything`: nothing is collected either. */
  readonly scope: 'imports' | 'everything';
  readonly reason: string;
  readonly recordedAt: number;
}
