INSERT INTO resolve.moves (sequence, identifier_id, profile_id)
SELECT $1, identifier_id, profile_id
FROM unnest($2::uuid[], $3::uuid[]) AS moved (identifier_id, profile_id)
