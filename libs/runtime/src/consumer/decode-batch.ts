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
      inputs.push({ record, event: codec.decode(record.value) });
    } catch (error) {
      if (!(error instanceof UndecodableRecordError)) throw error;
      outcomes.set(record, { kind: 'dead-letter', reason: 'undecodable' });
    }
  }
  return { inputs, outcomes };
}
