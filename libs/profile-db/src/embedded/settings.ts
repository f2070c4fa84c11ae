/**
 * Settings of the embedded server. All it holds is a projection of the event log, stored together with its position in
 * the log, so a commit may be lost with the machine (`synchronous_commit=off`); torn pages may not (`fsync` stays on).
 */
export const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  fsync: 'on',
  synchronous_commit: 'off',
  // Bounds what has to be replayed after a kill, so that a start stays within seconds.
  max_wal_size: '512MB',
  min_wal_size: '128MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Small rows looked up by key on a machine shared with everything else: one process a query.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and the details of errors hold the values of rows, which are personal data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
};

export function settingArguments(): string[] {
  return Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
