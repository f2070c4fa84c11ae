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
  const records: RecordToAppend[] = [];
  let before: LogRecord | undefined;
  let sequence = 0;
  for (const { causedBy: cause, topic, key, name, value } of [...outputs].sort(byCause)) {
    // Outputs of one input stand together now.
    sequence = cause === before ? sequence + 1 : 0;
    before = cause;
    if (cause.offset < emitted) continue;
    const origin = { producer, topic: cause.topic, partition: cause.partition, offset: cause.offset, sequence };
    const record = { topic, key, value: codec.encode(name, value), origin };
    const trace = cause.headers['traceparent'];
    records.push(trace === undefined ? record : { ...record, headers: { traceparent: trace } });
  }
  return records;
}

function byCause(a: Output, b: Output): number {
  return a.causedBy.offset - b.causedBy.offset;
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
