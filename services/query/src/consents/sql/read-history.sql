SELECT
  kind, purpose, channel, status, lawful_basis, source_id, text_version, said_at, received_at, expires_at, message_id,
  lone_profile_id::text AS lone_profile_id
FROM profile.consent_history
WHERE workspace_id = $1 AND lone_profile_id::text = ANY ($2::text[])
ORDER BY said_at DESC, received_at DESC, log_partition DESC, log_offset DESC
LIMIT $3
