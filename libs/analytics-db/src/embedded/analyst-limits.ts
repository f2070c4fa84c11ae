/** What an analyst's question may take: seconds, bytes, rows. It can tighten and not lift them. */
export const analystLimits: Readonly<Record<string, string>> = {
  max_execution_time: '60',
  max_memory_usage: String(2 * 1024 ** 3),
  max_result_bytes: String(256 * 1024 ** 2),
  max_result_rows: '10000000',
  max_rows_to_read: '2000000000',
};
