INSERT INTO profile.consent_history (
  workspace_id, lone_profile_id, log_partition, log_offset, purpose, channel, status, kind, lawful_basis, source_id,
  text_version, said_at, received_at, expires_at, message_id, settles
)
SELECT
  workspace_id, lone_profile_id, log_partition, log_offset, purpose, channel, status, kind, lawful_basis, source_id,
  text_version, said_at, received_at, expires_at, message_id, settles
FROM json_to_recordset($1::json) AS said (
  workspace_id text, lone_profile_id uuid, log_partition integer, log_offset bigint, purpose text, channel text,
  status text, kind text, lawful_basis text, source_id text, text_version text, said_at bigint, received_at bigint,
  expires_at bigint, message_id text, settles text[]
)
ON CONFLICT DO NOTHING
