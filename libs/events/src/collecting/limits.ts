/** What the collector takes. Documented for senders in docs/collect.md. */
export const collectLimits = {
  /** Bytes of one event as compact UTF-8 JSON. */
  eventBytes: 32 * 1024,
  /** Events of one batch that are taken; the rest are rejected one by one. */
  batchEvents: 2_500,
  /** Events beyond `batchEvents` that get a rejection of their own; what follows is kept as one. */
  batchRejections: 10_000,
  /** Size of batch-level context and integrations times the events they are merged into. */
  batchContextCharacters: 16 * 1024 * 1024,
  /** Levels of nesting of one event, the event itself being the first. */
  depth: 64,
  messageIdCharacters: 256,
  identifierCharacters: 1_024,
  eventNameCharacters: 1_024,
  /** How far ahead of the log's time an event may lie, milliseconds. */
  futureMs: 24 * 60 * 60 * 1000,
  /** 1970-01-02T00:00:00Z: the days of the analytics store begin with 1970, in every time zone (decision 0038). */
  earliestMs: 86_400_000,
} as const;
