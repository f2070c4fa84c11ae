import type { LogEvent, ProfileTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import type { InputRecord, Outcome } from '@rapport/runtime';
import type { Columns, Row } from './columns.js';
import { orderColumns, orderRow } from './order-row.js';
import { rowsOf, tables } from './table-rows.js';
import { touchpointColumns, touchpointRow } from './touchpoint-row.js';

/** Rows for one table, each with the record that it stems from. */
export interface TableRows {
  readonly table: string;
  readonly columns: Columns;
  readonly rows: Row[];
  readonly records: LogRecord[];
}

export interface RowsOfBatch {
  /** In order of first appearance, so that the same batch gives the same inserts. */
  readonly tables: readonly TableRows[];
  readonly skipped: ReadonlyMap<LogRecord, Outcome>;
}

export async function rowsOfBatch(batch: readonly InputRecord[], vault: SubjectVault): Promise<RowsOfBatch> {
  const byTable = new Map<string, TableRows>();
  const skipped = new Map<LogRecord, Outcome>();
  const touchpoints: { readonly record: LogRecord; readonly value: ProfileTouchpoint }[] = [];
  const add = (table: string, columns: Columns, row: Row, record: LogRecord): void => {
    let rows = byTable.get(table);
    if (rows === undefined) byTable.set(table, (rows = { table, columns, rows: [], records: [] }));
    rows.rows.push(row);
    rows.records.push(record);
  };
  for (const { event, record } of batch) {
    if (event.name === 'profile-touchpoint') touchpoints.push({ record, value: event.value });
    else if (!hasTable(event)) skipped.set(record, { kind: 'skipped', reason: 'not-analyzed' });
    else {
      const { table, columns } = tables[event.name];
      for (const row of rowsOf(event.name, event.value, record)) add(table, columns, row, record);
    }
  }
  const opened = await vault.openTouchpoints(touchpoints.map(({ value }) => value));
  opened.forEach((touchpoint, index) => {
    const { record } = touchpoints[index]!;
    add('recorded_touchpoints', touchpointColumns, touchpointRow(touchpoint), record);
    const order = orderRow(touchpoint);
    if (order !== undefined) add('recorded_orders', orderColumns, order, record);
  });
  return { tables: [...byTable.values()], skipped };
}

function hasTable(event: LogEvent): event is LogEvent & { readonly name: keyof typeof tables } {
  return event.name in tables;
}
