import { createHash } from 'node:crypto';
import type { AuditRecorded } from '@rapport/events';

export const firstPreviousHash = '0'.repeat(64);

/** SHA-256 in hex over the entry as a JSON array, details sorted by name; see docs/privacy.md. */
export function auditHash(entry: Omit<AuditRecorded, 'hash'>): string {
  const { workspaceId, sequence, at, actor, action, target, details, previousHash } = entry;
  const sorted = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([workspaceId, sequence, at, actor, action, target, sorted, previousHash]);
  return createHash('sha256').update(text).digest('hex');
}

export interface ChainFault {
  readonly sequence: number;
  /** What does not fit, in words. */
  readonly fault: string;
}

export interface ChainReport {
  readonly entries: number;
  /** Hash of the newest entry: noted elsewhere, it proves later that nothing was cut off. */
  readonly head: string;
  readonly faults: readonly ChainFault[];
}

/** Follows the chain of one workspace, entry by entry in the order of the log. An entry that stands there twice is one. */
export class ChainCheck {
  private sequence = 0;
  private head = firstPreviousHash;
  private readonly faults: ChainFault[] = [];

  add(entry: AuditRecorded): void {
    if (entry.sequence === this.sequence && entry.hash === this.head) return;
    const fault = this.faultOf(entry);
    if (fault !== undefined) this.faults.push({ sequence: entry.sequence, fault });
    this.sequence = entry.sequence;
    this.head = entry.hash;
  }

  report(): ChainReport {
    return { entries: this.sequence, head: this.head, faults: this.faults };
  }

  private faultOf(entry: AuditRecorded): string | undefined {
    if (entry.sequence !== this.sequence + 1)
      return `follows entry ${this.sequence}: entries are missing or out of order`;
    if (entry.previousHash !== this.head) return 'does not hold the hash of the entry before it';
    if (auditHash(entry) !== entry.hash) return 'was changed: its hash does not fit';
    return undefined;
  }
}
