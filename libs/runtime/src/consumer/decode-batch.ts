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

/**
 * Consumers of one process may be given the same record; it is decoded once for all of them. Kept on the record itself: in
 * a weak map, each of the many thousands in hand would be looked at in every collection of garbage.
 */
const decoded = Symbol('decoded event');

function decodeOnce(record: LogRecord & { [decoded]?: LogEvent }, value: Buffer, codec: EventCodec): LogEvent {
  return (record[decoded] ??= codec.decode(value));
}
