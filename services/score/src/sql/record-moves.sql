INSERT INTO score.survivors AS known (workspace_id, profile_id, survivor_id, sequence)
SELECT workspace_id, profile_id, survivor_id, sequence
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS move (workspace_id, profile_id, survivor_id, sequence)
ORDER BY workspace_id, profile_id
ON CONFLICT (workspace_id, profile_id) DO UPDATE
SET survivor_id = excluded.survivor_id,
    sequence = excluded.sequence
WHERE known.sequence < excluded.sequence;
