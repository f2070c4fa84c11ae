import type { ClickHouseClient } from '@clickhouse/client';
import { insertSettings } from '@rapport/analytics-db';
import type { Workspace } from '@rapport/runtime';

/** Writes the declared workspaces into ClickHouse, where views need time zone and currency. The newest `now` counts. */
export async function storeWorkspaces(
  clickhouse: ClickHouseClient,
  workspaces: readonly Workspace[],
  now: number,
): Promise<void> {
  await clickhouse.insert({
    table: 'workspaces',
    columns: [
      'workspace_id',
      'name',
      'time_zone',
      'currency',
      'session_minutes',
      'lapse_days',
      'position',
      'loaded_at',
    ],
    values: workspaces.map(({ id, name, timeZone, currency, sessionMinutes = 30, lapseDays = 90 }, position) => [
      ...[id, name, timeZone, currency, sessionMinutes, lapseDays],
      // The plain views show this one.
      id === 'default' ? 0 : position + 1,
      new Date(now).toISOString().slice(0, 23).replace('T', ' '),
    ]),
    format: 'JSONCompactEachRow',
    clickhouse_settings: insertSettings,
  });
}
