SELECT profile_id
FROM resolve.identifiers
WHERE identifier_id = $1
