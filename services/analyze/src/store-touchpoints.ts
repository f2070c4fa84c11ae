import type { ClickHouseClient } from '@clickhouse/client';
import type { OpenedTouchpoint } from '@rapport/events';
import { insertRows } from './insert-rows.js';
import { orderColumns, orderRow } from './rows/order-row.js';
import { touchpointColumns, touchpointRow } from './rows/touchpoint-row.js';

/** Inserts touchpoints as the consumer does; a batch that is sent again under its token adds nothing. */
export async function storeTouchpoints(
  clickhouse: ClickHouseClient,
  touchpoints: readonly OpenedTouchpoint[],
  token: string,
): Promise<void> {
  const rows = touchpoints.map(touchpointRow);
  await insertRows(clickhouse, { table: 'recorded_touchpoints', columns: touchpointColumns, rows, records: [] }, token);
  const orders = touchpoints.map(orderRow).filter((row) => row !== undefined);
  if (orders.length === 0) return;
  await insertRows(clickhouse, { table: 'recorded_orders', columns: orderColumns, rows: orders, records: [] }, token);
}
