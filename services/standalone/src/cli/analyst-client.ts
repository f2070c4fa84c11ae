import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { type Endpoints } from '../supervisor/endpoints.js';

/** A client that can read and not write. Silent: the command that uses it says what went wrong. */
export function analystClient({ clickhouse }: Pick<Endpoints, 'clickhouse'>): ClickHouseClient {
  return createClient({ ...clickhouse, application: 'rapport-cli', log: { level: ClickHouseLogLevel.OFF } });
}
