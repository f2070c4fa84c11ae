INSERT INTO profile.order_parts (workspace_id, profile_id, order_id, completed, refunds)
SELECT workspace_id, profile_id, order_id, completed, refunds
FROM profile.orders
JOIN unnest($1::text[], $2::uuid[]) AS person (workspace_id, profile_id) USING (workspace_id, profile_id)
ON CONFLICT DO NOTHING;
