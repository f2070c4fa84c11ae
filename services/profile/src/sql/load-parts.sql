SELECT workspace_id, profile_id, state
FROM profile.parts
JOIN unnest($1::text[], $2::uuid[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id);
