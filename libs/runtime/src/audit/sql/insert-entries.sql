INSERT INTO audit.entries (workspace_id, sequence, at, actor, action, target, details, previous_hash, hash, appended)
SELECT "workspaceId", sequence, to_timestamp(at / 1000.0), actor, action, target, details, "previousHash", hash, $2
FROM jsonb_to_recordset($1::jsonb) AS entry (
  "workspaceId" text, sequence bigint, at double precision, actor text, action text, target text, details jsonb,
  "previousHash" text, hash text
)
ON CONFLICT DO NOTHING
