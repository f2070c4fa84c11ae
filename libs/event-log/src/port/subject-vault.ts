import type { OpenedTouchpoint, ProfileTouchpoint, TouchpointContent } from '@rapport/events';

export interface SealedBytes {
  readonly subjectId: string;
  readonly keyId: string;
  /** 12 bytes IV, ciphertext, 16 bytes tag. */
  readonly bytes: Buffer;
}

export interface SealRequest {
  readonly workspaceId: string;
  readonly subjectId: string;
  /** Bound to the ciphertext as additional data: sealed bytes moved to another workspace or record do not open. */
  readonly boundTo: string;
  readonly plaintext: Buffer;
}

export interface OpenRequest {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  readonly boundTo: string;
  readonly bytes: Uint8Array;
}

export interface KeyRotation {
  /** Data keys that are not erased. */
  readonly total: number;
  /** Those of them that an older master key had wrapped. */
  readonly rewrapped: number;
}

/** Reads one touchpoint. */
export type TouchpointReader = () => OpenedTouchpoint;

/**
 * Seals and opens personal data with one data key per subject (AES-256-GCM). Data keys, wrapped by the master key, live
 * on the compacted topic `subject-keys`; the vault keeps a local table of that topic and nothing else, so it needs only
 * the log. A key that was tombstoned opens nothing any more.
 */
export interface SubjectVault {
  /** Keyed hash (HMAC-SHA256, 128 bits, base64url) of an identifier; what stands on the log instead of the identifier. */
  hash(workspaceId: string, identifierType: string, value: string): string;
  /** Seals many at once; keys that are new are durably on the log before this resolves. */
  seal(requests: readonly SealRequest[]): Promise<readonly SealedBytes[]>;
  /** The same at once where every key is in memory, which it is for people that were seen lately; else `undefined`. */
  sealAtOnce(requests: readonly SealRequest[]): readonly SealedBytes[] | undefined;
  /**
   * Opens many at once; `undefined` where the subject was erased. Throws `SealBrokenError`, with the `index` of the
   * request, on bytes that were tampered with.
   */
  open(requests: readonly OpenRequest[]): Promise<readonly (Buffer | undefined)[]>;
  /** Opens touchpoints, parsing each content once per process however many consumers ask. Treat the result as immutable. */
  openTouchpoints(touchpoints: readonly ProfileTouchpoint[]): Promise<readonly OpenedTouchpoint[]>;
  /**
   * The same one by one: each is opened when it is read, so that of many no more than one content need be there. Keys
   * are asked for at once, and `undefined` is of an erased subject; a read may throw `SealBrokenError`.
   */
  readersOf(touchpoints: readonly ProfileTouchpoint[]): Promise<readonly (TouchpointReader | undefined)[]>;
  openContent(requests: readonly OpenRequest[]): Promise<readonly (TouchpointContent | undefined)[]>;
  /**
   * Tombstones all keys of the subjects and returns how many those were. This process reads nothing of them any more,
   * every other one after at most 60 seconds. What the subjects send later is sealed with a new key.
   */
  eraseSubjects(workspaceId: string, subjectIds: readonly string[]): Promise<number>;
  /**
   * Wraps every data key under the current master key. Never at the same time as `eraseSubjects` in another process. May be cut
   * off and begun again.
   */
  rotateMasterKey(onProgress?: (done: number, total: number) => void): Promise<KeyRotation>;
  /** How many data keys each master key wraps, by the id of the master key; the current one comes first. */
  keysByMasterKey(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}
