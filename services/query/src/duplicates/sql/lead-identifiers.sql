-- A profile has the id of one of its identifiers, which stands for it.
SELECT identifier_id::text AS identifier_id, identifier_type, identifier_hash
FROM resolve.identifiers
WHERE workspace_id = $1 AND identifier_id = ANY ($2::uuid[])
