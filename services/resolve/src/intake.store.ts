import type { Touchpoint } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const countIntake = loadSql(import.meta.url, 'count-intake');
const hourMs = 3_600_000;

export type IntakeOutcome = 'resolved' | 'duplicate' | 'conflict' | 'erased';

interface IntakeRow {
  readonly workspace_id: string;
  readonly source_id: string;
  readonly received_hour: string;
  readonly log_partition: number;
  received: number;
  resolved: number;
  duplicates: number;
  conflicts: number;
  erased: number;
}

/** Adds up what became of the touchpoints of a batch, so that a query can reconcile it with what was received. */
export class Intake {
  private readonly rows = new Map<string, IntakeRow>();
  /** Of the touchpoint before: most touchpoints of a batch come from one source within the same hour. */
  private last: { readonly row: IntakeRow; readonly hour: number } | undefined;

  count({ partition }: LogRecord, touchpoint: Touchpoint, outcome: IntakeOutcome): void {
    const row = this.rowOf(partition, touchpoint);
    row.received += 1;
    if (outcome === 'resolved') row.resolved += 1;
    else if (outcome === 'erased') row.erased += 1;
    else row.duplicates += 1;
    if (outcome === 'conflict') row.conflicts += 1;
  }

  async store(tx: PoolClient): Promise<void> {
    if (this.rows.size === 0) return;
    const values = [JSON.stringify([...this.rows.values()])];
    await tx.query({ name: 'resolve-count-intake', text: countIntake, values });
  }

  private rowOf(partition: number, { workspaceId, sourceId, receivedAt }: Touchpoint): IntakeRow {
    const hour = Math.floor(receivedAt / hourMs);
    const row = this.last?.row;
    if (
      row?.source_id === sourceId &&
      row.workspace_id === workspaceId &&
      row.log_partition === partition &&
      this.last?.hour === hour
    ) {
      return row;
    }
    const found = this.findRow(partition, workspaceId, sourceId, hour);
    this.last = { row: found, hour };
    return found;
  }

  private findRow(partition: number, workspaceId: string, sourceId: string, hour: number): IntakeRow {
    const key = `${workspaceId}\n${sourceId}\n${hour}\n${partition}`;
    const known = this.rows.get(key);
    if (known) return known;
    const row: IntakeRow = {
      workspace_id: workspaceId,
      source_id: sourceId,
      received_hour: new Date(hour * hourMs).toISOString(),
      log_partition: partition,
      received: 0,
      resolved: 0,
      duplicates: 0,
      conflicts: 0,
      erased: 0,
    };
    this.rows.set(key, row);
    return row;
  }
}
