INSERT INTO profile.order_parts (workspace_id, profile_id, order_id, completed, refunds)
SELECT workspace_id, profile_id, order_id, completed, refunds
FROM json_to_recordset($1::json) AS new (
  workspace_id text, profile_id uuid, order_id text, completed jsonb, refunds jsonb
)
ON CONFLICT (workspace_id, profile_id, order_id) DO UPDATE SET
  completed = excluded.completed,
  refunds = excluded.refunds;
