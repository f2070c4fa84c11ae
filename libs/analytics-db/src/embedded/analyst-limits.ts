/** Names of ClickHouse's settings, and what they may be at most. */
export type AnalystLimits = Readonly<Record<string, string>>;

/** What an analyst's question may take: seconds, bytes, rows. It can tighten and not lift them. */
export const analystLimits: AnalystLimits = {
  max_execution_time: '60',
  max_memory_usage: String(2 * 1024 ** 3),
  max_result_bytes: String(256 * 1024 ** 2),
  max_result_rows: '10000000',
  max_rows_to_read: '2000000000',
};

/** The same with `memoryBytes` for a question. */
export function analystLimitsWith(memoryBytes: number | undefined): AnalystLimits {
  return memoryBytes === undefined ? analystLimits : { ...analystLimits, max_memory_usage: String(memoryBytes) };
}
