import { analystLimits, type AnalystLimits } from './analyst-limits.js';
import { ClickHouseServerError } from './clickhouse-error.js';
import type { Role } from './engine.js';

/** Parameters of the URL that are no settings of the engine. */
const protocol = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'role',
  'quota_key',
  'session_id',
  'session_timeout',
  'session_check',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'stacktrace',
  'client_protocol_version',
  'network_compression_method',
  'close_session',
  'log_comment',
]);

/** What an analyst's tools may set: how results look and how queries read, nothing that lifts a limit or reads a file. */
const writesFiles = /^(output_format_schema|\w*_file_path|\w*_schema)$/;
const harmless =
  /^(output_format_\w+|date_time_(in|out)put_format|input_format_\w+|format_(csv|tsv|custom|regexp|pretty|binary)_\w+|join_\w+|any_join_\w+|joined_subquery_\w+|union_default_mode|group_by_\w+|aggregate_functions_null_for_empty|prefer_column_name_to_alias|transform_null_in|cast_\w+|extremes|final|optimize_\w+|compile_\w+|count_distinct_implementation|session_timezone|enable_http_compression|http_\w+|send_progress_in_http_headers|add_http_cors_header|cancel_http_readonly_queries_on_client_close|connect_timeout\w*|receive_timeout|send_timeout|send_logs_level|max_block_size|use_uncompressed_cache|limit|offset|enable_\w+|result_overflow_mode|database_replicated_\w+|distributed_\w+|async_insert|wait_for_async_insert\w*)$/;

const maxThreads = '64';

/** Throws `ClickHouseServerError` for what an analyst may not set: `limits` may be tightened and not lifted. */
export function settingsFrom(
  parameters: URLSearchParams,
  role: Role,
  limits: AnalystLimits = analystLimits,
): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (protocol.has(name) || name.startsWith('param_')) continue;
    if (!/^[a-z][a-z0-9_]*$/i.test(name)) {
      throw new ClickHouseServerError(115, 'UNKNOWN_SETTING', `Unknown setting '${name.slice(0, 100)}'`);
    }
    if (role === 'analyst') {
      // He is read-only already: asking for it changes nothing.
      if (name === 'readonly' && (value === '1' || value === '2')) continue;
      refuseLifting(name, value, { ...limits, max_threads: maxThreads }[name]);
    }
    settings[name] = value;
  }
  return settings;
}

export function queryParametersFrom(parameters: URLSearchParams): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (!name.startsWith('param_')) continue;
    const bare = name.slice('param_'.length);
    if (!/^\w+$/.test(bare)) {
      throw new ClickHouseServerError(36, 'BAD_ARGUMENTS', `Query parameter '${bare.slice(0, 100)}' is no plain name`);
    }
    found[bare] = value;
  }
  return found;
}

function refuseLifting(name: string, value: string, limit: string | undefined): void {
  if (limit === undefined) {
    if (harmless.test(name) && !writesFiles.test(name)) return;
    throw new ClickHouseServerError(164, 'READONLY', `Cannot modify '${name}' setting in readonly mode`);
  }
  const asked = Number(value);
  if (asked > 0 && asked <= Number(limit)) return;
  throw new ClickHouseServerError(
    452,
    'SETTING_CONSTRAINT_VIOLATION',
    `Setting ${name} should be between 1 and ${limit} for the read-only user`,
  );
}
