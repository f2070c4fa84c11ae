/** What a journey did for a person, and why. Key: `profileId`, who the person was then. */
export interface JourneyProgressed {
  readonly workspaceId: string;
  readonly profileId: string;
  /** The profile that entered, whatever it was linked with; the passage stays with it. */
  readonly loneProfileId: string;
  readonly journeyId: string;
  readonly journeyVersion: number;
  /** Unique per entry of a person into a journey. */
  readonly instanceId: string;
  readonly kind:
    'entered' | 'entry-refused' | 'waiting' | 'message-requested' | 'message-withheld' | 'exited' | 'completed';
  readonly stepId: string | null;
  /** Named reason, for example `too-old`, `no-address`, `consent-withdrawn`, `next-order`. */
  readonly reason: string | null;
  /** When a wait ends. */
  readonly dueAt: number | null;
  /** Event time of what let the person in; `null` where nobody entered. */
  readonly enteredFor: number | null;
  /** Of a message that was requested. */
  readonly channel: DeliveryRequested['channel'] | null;
  readonly purpose: string | null;
  /** Log time of the decision. */
  readonly timestamp: number;
  readonly causeId: string;
}

/** A message to send, decided and recorded. Key: `profileId`. `content` is sealed JSON (`DeliveryContent`). */
export interface DeliveryRequested {
  readonly workspaceId: string;
  readonly profileId: string;
  /** The effect's identity: hash of journey, version, instance, step. The same id is sent at most once. */
  readonly deliveryId: string;
  readonly channel: 'email' | 'sms' | 'webhook';
  readonly templateId: string;
  readonly journeyId: string;
  readonly instanceId: string;
  readonly stepId: string;
  /** Purpose of consent, checked again right before it leaves. */
  readonly purpose: string;
  readonly requestedAt: number;
  readonly subjectId: string;
  readonly keyId: string;
  readonly content: Uint8Array;
}

/** Opened content of a delivery request. */
export interface DeliveryContent {
  readonly to: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What became of a message. Key: `profileId`. */
export interface DeliveryRecorded {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly deliveryId: string;
  readonly channel: 'email' | 'sms' | 'webhook';
  readonly journeyId: string;
  readonly instanceId: string;
  readonly stepId: string;
  /** `withheld`: the person must not be written to; `reason` says why. */
  readonly status: 'sent' | 'failed' | 'withheld';
  readonly reason: string | null;
  readonly timestamp: number;
}
