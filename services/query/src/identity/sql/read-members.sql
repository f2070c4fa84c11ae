-- The identifiers of a person, the one that gave the profile its id among them.
SELECT
  identifier_id AS id,
  identifier_type AS type,
  identifier_hash AS hash,
  first_seen_at AS "firstSeenAt",
  link_counts AS "seenWith",
  shared,
  entangled
FROM resolve.identifiers
WHERE workspace_id = $1 AND (identifier_id = $2 OR (profile_id = $2 AND profile_id <> identifier_id))
  AND profile_id = $2
ORDER BY first_seen_at, identifier_id
LIMIT $3
