import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { type Endpoints } from '../supervisor/endpoints.js';

/** Longer than a question may take (docs/sql): what is too slow is said by the engine, not by a client that has given up. */
const answerWithinMs = 90_000;

/** A client that can read and not write. Silent: the command that uses it says what went wrong. */
export function analystClient({ clickhouse }: Pick<Endpoints, 'clickhouse'>): ClickHouseClient {
  return createClient({
    ...clickhouse,
    application: 'rapport-cli',
    request_timeout: answerWithinMs,
    log: { level: ClickHouseLogLevel.OFF },
  });
}
