INSERT INTO score.survivors (workspace_id, profile_id, survivor_id)
SELECT workspace_id, profile_id, survivor_id
FROM unnest($1::text[], $2::text[], $3::text[]) AS merge (workspace_id, profile_id, survivor_id)
ORDER BY workspace_id, profile_id
ON CONFLICT (workspace_id, profile_id) DO UPDATE
SET survivor_id = excluded.survivor_id;
