import type { ClickHouseClient } from '@clickhouse/client';
import { querySettings } from '@rapport/analytics-db';

/**
 * Answers of people who wait: one question may not take the database for longer. Compiling expressions costs these wide
 * questions over few rows a fifth more than it saves.
 */
const settings = {
  ...querySettings,
  max_execution_time: 60,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
} as const;

/** Rows of a question with `{name:Type}` parameters. Whole numbers beyond 2^53 and decimals come as text. */
export async function ask<Row>(
  clickhouse: ClickHouseClient,
  query: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Row[]> {
  const answer = await clickhouse.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    clickhouse_settings: settings,
  });
  return answer.json<Row>();
}
