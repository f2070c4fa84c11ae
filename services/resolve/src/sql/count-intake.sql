INSERT INTO resolve.intake AS known
  (workspace_id, source_id, received_hour, log_partition, received, resolved, duplicates, conflicts, erased)
SELECT workspace_id, source_id, received_hour, log_partition, received, resolved, duplicates, conflicts, erased
FROM json_to_recordset($1::json) AS row (
  workspace_id text, source_id text, received_hour timestamptz, log_partition integer,
  received bigint, resolved bigint, duplicates bigint, conflicts bigint, erased bigint
)
ORDER BY workspace_id, source_id, received_hour, log_partition
ON CONFLICT (workspace_id, source_id, received_hour, log_partition) DO UPDATE SET
  received = known.received + excluded.received,
  resolved = known.resolved + excluded.resolved,
  duplicates = known.duplicates + excluded.duplicates,
  conflicts = known.conflicts + excluded.conflicts,
  erased = known.erased + excluded.erased
