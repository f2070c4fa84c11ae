import { setTimeout as pause } from 'node:timers/promises';
import {
  EventLogUnavailableError,
  type EventLog,
  type RecordToAppend,
  type SealedBytes,
  type SubjectVault,
} from '@rapport/event-log';
import type { UnsealedRecord } from './record-maker.js';

/**
 * Seals and appends all records of one request in one append: durable when it resolves.
 * Throws `EventLogUnavailableError` when the log stays away for longer than `patienceMs`.
 */
export type WriteToLog = (records: readonly UnsealedRecord[]) => Promise<void>;

export function createLogWriter(parts: {
  readonly vault: SubjectVault;
  readonly eventLog: EventLog;
  readonly clock: () => number;
  readonly patienceMs: number;
}): WriteToLog {
  const { vault, eventLog, clock, patienceMs } = parts;

  /** What was sealed is all that waits for the disk; what it was made from is free to go. */
  const append = (records: readonly RecordToAppend[], deadline: number): Promise<void> =>
    patiently(() => eventLog.append(records), deadline).then(() => undefined);

  /**
   * Some SDKs never try again, so a short absence of the log is waited out here. Repeating an append whose fate is
   * unknown is safe: the messageIds stay the same, and resolve drops repeated ones.
   */
  async function patiently<T>(action: () => Promise<T>, deadline: number): Promise<T> {
    for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError) || clock() + wait > deadline) throw error;
        await pause(wait);
      }
    }
  }

  return (records) => {
    if (records.length === 0) return Promise.resolve();
    const deadline = clock() + patienceMs;
    const requests = records.map(({ seal }) => seal);
    const sealed = vault.sealAtOnce(requests);
    if (sealed !== undefined) return append(withSealed(records, sealed), deadline);
    const sealing = patiently(() => vault.seal(requests), deadline);
    return sealing.then((known) => append(withSealed(records, known), deadline));
  };
}

function withSealed(records: readonly UnsealedRecord[], sealed: readonly SealedBytes[]): RecordToAppend[] {
  return records.map(({ toRecord }, index) => toRecord(sealed[index]!));
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;
