-- A part without a state is one no more: its person's row says all it knows. `service` stands for the schema.
WITH changed AS (
  SELECT workspace_id, profile_id, state
  FROM jsonb_populate_recordset(NULL::service.parts, $1::jsonb)
),

gone AS (
  DELETE FROM service.parts
  USING changed
  WHERE parts.workspace_id = changed.workspace_id
    AND parts.profile_id = changed.profile_id
    AND changed.state IS NULL
)

INSERT INTO service.parts (workspace_id, profile_id, state)
SELECT workspace_id, profile_id, state
FROM changed
WHERE state IS NOT NULL
ORDER BY workspace_id, profile_id
ON CONFLICT (workspace_id, profile_id) DO UPDATE
SET state = excluded.state;
