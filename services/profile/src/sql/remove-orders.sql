DELETE FROM profile.orders AS gone
USING unnest($1::text[], $2::uuid[]) AS person (workspace_id, profile_id)
WHERE gone.workspace_id = person.workspace_id
  AND gone.profile_id = person.profile_id;
