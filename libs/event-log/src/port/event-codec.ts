import type { LogEvent, LogEventName, LogEvents } from '@rapport/events';

/**
 * Avro in the Confluent wire format: byte 0 is 0, bytes 1 to 4 the schema id (big-endian), then Avro binary.
 * Decoding reads any published version and lifts it to the newest with the upcasters of `@rapport/events`.
 */
export interface EventCodec {
  /** Integers (times included) are exact for every safe integer; what does not fit its schema is refused, naming the field. */
  encode<N extends LogEventName>(name: N, value: LogEvents[N]): Buffer;
  /** Throws `UndecodableRecordError` for bytes that are no record of ours. Never allocates more than the input justifies. */
  decode(bytes: Buffer): LogEvent;
}

export class UndecodableRecordError extends Error {
  override readonly name = 'UndecodableRecordError';
}
