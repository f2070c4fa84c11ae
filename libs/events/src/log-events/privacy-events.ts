/** One data key of one subject, wrapped by the master key. A tombstone (null value) erases it. Key: `subjectId/keyId`. */
export interface SubjectKey {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  /** Names the master key that wrapped `wrappedKey`, for rotation. */
  readonly masterKeyId: string;
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

/** A person is to be erased. Key: `erasureId`. Hashes are keyed; nothing here is personal. */
export interface ErasureRequested {
  readonly workspaceId: string;
  readonly erasureId: string;
  /** Every lone profile of the person, the one they live on in first. */
  readonly profileIds: readonly string[];
  readonly subjectIds: readonly string[];
  readonly identifierHashes: readonly string[];
  readonly requestedBy: string;
  readonly requestedAt: number;
}

/** A person was erased: records about them below the cuts are passed over, live and in a replay. Key: `erasureId`. */
export interface ErasureCompleted {
  readonly workspaceId: string;
  readonly erasureId: string;
  /** By `topic/partition`, the first offset that is not erased. */
  readonly cuts: Readonly<Record<string, number>>;
  /** JWS in compact form. */
  readonly certificate: string;
  readonly completedAt: number;
}
