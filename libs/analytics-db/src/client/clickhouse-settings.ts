import type { ClickHouseSettings } from '@clickhouse/client';

/**
 * Settings of our own inserts. Versions of ClickHouse, and chDB, differ in their defaults, so every one that could change
 * what is stored is set here.
 */
export const insertSettings: ClickHouseSettings = {
  // Rows are inserted at once and under their deduplication token, not gathered with others.
  async_insert: 0,
  wait_for_async_insert: 1,
  insert_deduplicate: 1,
  // The tables that ClickHouse fills from ours take rows once, too.
  deduplicate_blocks_in_dependent_materialized_views: 1,
  date_time_input_format: 'basic',
  input_format_skip_unknown_fields: 0,
  input_format_null_as_default: 0,
  input_format_allow_errors_num: '0',
  input_format_allow_errors_ratio: 0,
  // Batches follow the log's time; a batch of a long replay may touch many months.
  max_partitions_per_insert_block: '0',
};

/** Settings of our own questions: numbers beyond 2^53 come as text, absent joins as defaults, days in UTC. */
export const querySettings: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 0,
  date_time_output_format: 'iso',
  join_use_nulls: 0,
};
