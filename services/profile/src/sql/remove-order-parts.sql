DELETE FROM profile.order_parts AS gone
USING unnest($1::text[], $2::uuid[]) AS lone (workspace_id, profile_id)
WHERE gone.workspace_id = lone.workspace_id
  AND gone.profile_id = lone.profile_id;
