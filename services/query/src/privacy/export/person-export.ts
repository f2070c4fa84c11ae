import type { JsonObject } from '@rapport/events';

export interface ExportedTouchpoint {
  readonly messageId: string;
  readonly sourceId: string;
  readonly type: string;
  readonly event: string | null;
  /** ISO 8601, like `receivedAt`. */
  readonly timestamp: string;
  readonly receivedAt: string;
  readonly flags: readonly string[];
  /** Null where its key was destroyed. */
  readonly content: JsonObject | null;
}

export interface ExportedMessage {
  readonly deliveryId: string;
  readonly channel: string;
  readonly status: string;
  readonly reason: string | null;
  readonly journeyId: string;
  readonly templateId: string;
  readonly sentAt: string;
  /** Address and text as they left; null where none was made. */
  readonly message: JsonObject | null;
}

/** An event that was refused, and is kept so that it can be mended. */
export interface ExportedRefusal {
  readonly rejectionId: string;
  readonly sourceId: string;
  readonly reason: string;
  readonly detail: string;
  readonly receivedAt: string;
  /** As it was sent; null where its key was destroyed. */
  readonly body: string | null;
}

/** Everything that is known about one person. */
export interface PersonExport {
  readonly exportedAt: string;
  readonly workspaceId: string;
  readonly profileId: string;
  /** Every profile that turned out to be this person. */
  readonly profileIds: readonly string[];
  /** The single customer view. */
  readonly profile: object;
  /** What the person allows, with every statement. */
  readonly consents: object;
  readonly touchpoints: readonly ExportedTouchpoint[];
  readonly refused: readonly ExportedRefusal[];
  readonly messages: readonly ExportedMessage[];
  /** Rows about the person in every table of the analytics store, by table: orders, memberships, scores, journeys, ... */
  readonly analytics: Readonly<Record<string, readonly JsonObject[]>>;
  /** Rows about the person in every table of the working store, by table. Sealed bytes are left out: they are opened above. */
  readonly state: Readonly<Record<string, readonly JsonObject[]>>;
}
