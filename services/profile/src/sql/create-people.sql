INSERT INTO profile.profiles (workspace_id, profile_id, survivor_id)
SELECT workspace_id, profile_id, survivor_id
FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS missing (workspace_id, profile_id, survivor_id)
ORDER BY workspace_id, profile_id
ON CONFLICT DO NOTHING;
