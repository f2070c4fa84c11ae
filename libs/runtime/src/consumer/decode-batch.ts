import type { LogEvent } from '@rapport/events';
import { UndecodableRecordError, type EventCodec, type LogRecord } from '@rapport/event-log';
import type { InputRecord, Outcome } from './consumer.js';

export interface DecodedBatch {
  readonly inputs: readonly InputRecord[];
  /** Records that never reach the handler. */
  readonly outcomes: ReadonlyMap<LogRecord, Outcome>;
}

export function decodeBatch(records: readonly LogRecord[], codec: EventCodec): DecodedBatch {
  const inputs: InputRecord[] = [];
  const outcomes = new Map<LogRecord, Outcome>();
  for (const record of records) {
    if (record.value === null) {
      outcomes.set(record, { kind: 'skipped', reason: 'tombstone' });
      continue;
    }
    try {
      inputs.push({ record, event: decodeOnce(record, record.value, codec) });
    } catch (error) {
      if (!(error instanceof UndecodableRecordError)) throw error;
      outcomes.set(record, { kind: 'dead-letter', reason: 'undecodable' });
    }
  }
  return { inputs, outcomes };
}

/** Consumers of one process may be given the same record; it is decoded once for all of them. */
const decoded = new WeakMap<LogRecord, LogEvent>();

function decodeOnce(record: LogRecord, value: Buffer, codec: EventCodec): LogEvent {
  const known = decoded.get(record);
  if (known) return known;
  const event = codec.decode(value);
  decoded.set(record, event);
  return event;
}
