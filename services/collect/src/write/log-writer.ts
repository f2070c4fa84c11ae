import { setTimeout as pause } from 'node:timers/promises';
import { EventLogUnavailableError, type EventLog, type SubjectVault } from '@rapport/event-log';
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

  async function write(records: readonly UnsealedRecord[]): Promise<void> {
    const sealed = await vault.seal(records.map(({ seal }) => seal));
    await eventLog.append(records.map(({ toRecord }, index) => toRecord(sealed[index]!)));
  }

  /**
   * Some SDKs never try again, so a short absence of the log is waited out here. Repeating an append whose fate is
   * unknown is safe: the messageIds stay the same, and resolve drops repeated ones.
   */
  return async (records) => {
    if (records.length === 0) return;
    const deadline = clock() + patienceMs;
    for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
      try {
        return await write(records);
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError) || clock() + wait > deadline) throw error;
        await pause(wait);
      }
    }
  };
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;
