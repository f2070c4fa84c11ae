-- Every identifier of the person who lives on as this profile; the id of an identifier is the lone profile it stands for.
SELECT identifier_type AS type, identifier_hash AS hash, identifier_id::text AS profile_id
FROM resolve.identifiers
WHERE workspace_id = $1 AND (profile_id = $2::uuid OR identifier_id = $2::uuid)
