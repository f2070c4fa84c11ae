INSERT INTO profile.profiles (workspace_id, profile_id)
SELECT workspace_id, profile_id
FROM unnest($1::text[], $2::uuid[]) AS missing (workspace_id, profile_id)
ORDER BY workspace_id, profile_id
ON CONFLICT DO NOTHING
