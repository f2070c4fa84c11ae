INSERT INTO orchestrate.people (workspace_id, profile_id, survivor_id)
SELECT workspace_id, profile_id, survivor_id
FROM unnest($1::text[], $2::text[], $3::text[]) AS missing (workspace_id, profile_id, survivor_id)
ORDER BY workspace_id, profile_id
ON CONFLICT DO NOTHING;
