SELECT workspace_id, profile_id, order_id, completed, refunds
FROM profile.order_parts
JOIN unnest($1::text[], $2::uuid[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)
ORDER BY workspace_id, profile_id, order_id;
