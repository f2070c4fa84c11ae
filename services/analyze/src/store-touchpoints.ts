import type { ClickHouseClient } from '@clickhouse/client';
import type { OpenedTouchpoint } from '@rapport/events';
import { insertRows } from './insert-rows.js';
import { touchpointColumns, touchpointRow } from './rows/touchpoint-row.js';

/** Inserts touchpoints as the consumer does; a batch that is sent again under its token adds nothing. */
export async function storeTouchpoints(
  clickhouse: ClickHouseClient,
  touchpoints: readonly OpenedTouchpoint[],
  token: string,
): Promise<void> {
  const rows = touchpoints.map(touchpointRow);
  await insertRows(clickhouse, { table: 'recorded_touchpoints', columns: touchpointColumns, rows, records: [] }, token);
}
