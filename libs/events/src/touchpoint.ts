/** The six kinds of call the Segment specification knows; every touchpoint is one of them. */
export const touchpointTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type TouchpointType = (typeof touchpointTypes)[number];

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * What the collector noticed about a touchpoint and mended. A flag never costs the event.
 * - `timestamp-missing`: no client time, `receivedAt` stands in
 * - `timestamp-invalid`: a client time that is no date
 * - `timestamp-future`: more than the allowed skew ahead after correction; `receivedAt` stands in
 * - `timestamp-ancient`: before 1970-01-02, a day that the analytics store cannot hold; `receivedAt` stands in
 * - `skew-ignored`: `sentAt` unusable, so the client time was taken as it is
 * - `text-mended`: NUL, lone surrogates or bytes that are no UTF-8 became U+FFFD
 * - `number-as-text`: a number beyond double precision is kept as its text
 * - `message-id-assigned`: the sender gave none
 * - `violation:<property>:<rule>`, `violation:unplanned`: it breaks the tracking plan; nothing was mended
 */
export const touchpointFlags = [
  'timestamp-missing',
  'timestamp-invalid',
  'timestamp-future',
  'timestamp-ancient',
  'skew-ignored',
  'text-mended',
  'number-as-text',
  'message-id-assigned',
] as const;
export type TouchpointFlag = (typeof touchpointFlags)[number] | `violation:${string}`;

/**
 * The part of a touchpoint that may be personal. It travels sealed (AES-256-GCM under the subject's data key) and is
 * readable only while that key exists.
 */
export interface TouchpointContent {
  readonly userId?: string;
  readonly anonymousId?: string;
  /** `alias` only: the identifier that `userId` replaces. */
  readonly previousId?: string;
  readonly groupId?: string;
  /** Set by Rapport's own services (deliveries): the profile is already known. */
  readonly profileId?: string;
  /** `page` and `screen` only. */
  readonly name?: string;
  readonly category?: string;
  /** `track`, `page`, `screen`. */
  readonly properties?: JsonObject;
  /** `identify`, `group`. */
  readonly traits?: JsonObject;
  readonly context?: JsonObject;
  readonly integrations?: JsonObject;
}

/**
 * A touchpoint as the collector appends it. Times are milliseconds since the epoch.
 * The record's key is `subjectId`, so that one subject's touchpoints stay in order.
 */
export interface Touchpoint {
  readonly workspaceId: string;
  readonly sourceId: string;
  /** Unique per workspace; a second touchpoint with the same id is a duplicate. */
  readonly messageId: string;
  readonly type: TouchpointType;
  /** `track` only: the event's name, for example `Order Completed`. Never personal. */
  readonly event: string | null;
  /** Keyed hash of the identifier that leads this touchpoint (userId, else anonymousId). */
  readonly subjectId: string;
  /** Which data key of the subject sealed `content`. */
  readonly keyId: string;
  /** Event time: the person's time, corrected by the sender's clock skew. */
  readonly timestamp: number;
  readonly originalTimestamp: number | null;
  readonly sentAt: number | null;
  /** The log's time. */
  readonly receivedAt: number;
  readonly flags: readonly TouchpointFlag[];
  /** True when history was imported: it never triggers a journey. */
  readonly imported: boolean;
  /** `TouchpointContent` as UTF-8 JSON, sealed. */
  readonly content: Uint8Array;
}

/**
 * A touchpoint whose person is known, keyed by `profileId`. `logPartition` and `logOffset` are its position on
 * `touchpoints`: the tie-breaker between touchpoints of the same event time.
 */
export interface ProfileTouchpoint extends Touchpoint {
  readonly profileId: string;
  /**
   * The profile of the identifier that leads this touchpoint, taken alone. It never changes, whatever is merged or split
   * later: state kept by it can be put together and taken apart again. Equals `profileId` while nothing is linked.
   */
  readonly loneProfileId: string;
  readonly logPartition: number;
  readonly logOffset: number;
}

/** A profile touchpoint with its content opened; `undefined` once the subject was erased. */
export interface OpenedTouchpoint extends Omit<ProfileTouchpoint, 'content'> {
  readonly content: TouchpointContent | undefined;
}

/** Total order of touchpoints of one person: event time, then arrival, then log position. */
export function compareTouchpoints(
  a: Pick<ProfileTouchpoint, 'timestamp' | 'receivedAt' | 'logPartition' | 'logOffset'>,
  b: Pick<ProfileTouchpoint, 'timestamp' | 'receivedAt' | 'logPartition' | 'logOffset'>,
): number {
  return (
    a.timestamp - b.timestamp ||
    a.receivedAt - b.receivedAt ||
    a.logPartition - b.logPartition ||
    a.logOffset - b.logOffset
  );
}

/**
 * What the collector could not accept, whole: `body` holds the bytes of the one event (or of the whole request when it
 * could not be split), sealed under a subject key like any content. Key: `rejectionId`.
 */
export interface RejectedTouchpoint {
  readonly rejectionId: string;
  readonly workspaceId: string;
  readonly sourceId: string;
  /** Machine-readable reason, for example `missing-identifier`. */
  readonly reason: string;
  /** What is wrong, where, and how to mend it. Holds no value of the event. */
  readonly detail: string;
  readonly messageId: string | null;
  readonly receivedAt: number;
  readonly subjectId: string;
  readonly keyId: string;
  readonly body: Uint8Array;
}
