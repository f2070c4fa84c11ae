/** What the collector takes at the edge; limits of events and batches are `collectLimits` of `@rapport/events`. */
export const edgeLimits = {
  /** Bytes of a request body as sent. Documented for senders: 500 KB; SDKs that send more must not lose it. */
  bodyBytes: 4 * 1024 * 1024,
  /** A larger body than is taken is read to its end, and thrown away, up to so many bytes; the connection is closed on more. */
  passedOverBytes: 64 * 1024 * 1024,
  /** Bytes of a request body after decompression. */
  inflatedBytes: 5 * 1024 * 1024,
  /** Decompressions at once, so that bombs side by side cannot fill the memory. */
  parallelInflations: 4,
  /** Bytes and requests in hand before the collector answers 429. */
  inFlightBytes: 64 * 1024 * 1024,
  inFlightRequests: 4_096,
  /** Bytes of a rejected body that go into one record. */
  rejectionPartBytes: 512 * 1024,
  /** How long a request waits for a log that is away before it is answered 429; SDKs give up at 10 s. Milliseconds. */
  patienceMs: 5_000,
} as const;
