WITH gone AS (
  DELETE FROM profile.search_keys AS known
  USING json_to_recordset($1::json) AS gone (workspace_id text, name text, value text, profile_id uuid)
  WHERE known.workspace_id = gone.workspace_id
    AND known.name = gone.name
    AND known.value = gone.value
    AND known.profile_id = gone.profile_id
)
INSERT INTO profile.search_keys (workspace_id, name, value, profile_id)
SELECT workspace_id, name, value, profile_id
FROM json_to_recordset($2::json) AS new (workspace_id text, name text, value text, profile_id uuid)
ON CONFLICT DO NOTHING
