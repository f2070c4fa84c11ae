import type { ServiceName } from '@rapport/events';
import type { EventCodec, LogRecord, RecordToAppend } from '@rapport/event-log';
import type { Output } from './consumer.js';

/**
 * Turns outputs into records with their origins. They are ordered by input, because readers take a lower origin behind a
 * higher one for a repetition; outputs of one input keep the handler's order, which numbers them.
 * What stems from an input below `emitted` is on the log already and left out.
 */
export function toRecords(
  producer: ServiceName,
  outputs: readonly Output[],
  emitted: number,
  codec: EventCodec,
): readonly RecordToAppend[] {
  const sequences = new Map<LogRecord, number>();
  return [...outputs]
    .sort((a, b) => a.causedBy.offset - b.causedBy.offset)
    .flatMap((output) => {
      const cause = output.causedBy;
      const sequence = sequences.get(cause) ?? 0;
      sequences.set(cause, sequence + 1);
      if (cause.offset < emitted) return [];
      const trace = cause.headers['traceparent'];
      return {
        topic: output.topic,
        key: output.key,
        value: codec.encode(output.name, output.value),
        origin: { producer, topic: cause.topic, partition: cause.partition, offset: cause.offset, sequence },
        ...(trace === undefined ? {} : { headers: { traceparent: trace } }),
      };
    });
}

/** A dead letter: the bytes unchanged, where they stood and why they could not be handled in headers. */
export function toDeadLetter(consumer: ServiceName, record: LogRecord, reason: string): RecordToAppend {
  return {
    topic: 'dead-letters',
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      'dead-letter-consumer': consumer,
      'dead-letter-topic': record.topic,
      'dead-letter-partition': String(record.partition),
      'dead-letter-offset': String(record.offset),
      'dead-letter-reason': reason,
    },
    // Behind every sequence that outputs of the same input can have.
    origin: {
      producer: consumer,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      sequence: 1_000_000,
    },
  };
}
