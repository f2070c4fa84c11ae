-- Links of the identifiers $1, with who is at both ends; those that join first. None with somebody who is being erased.
WITH link AS (
  SELECT link.*
  FROM unnest($1::uuid[]) AS wanted (identifier_id)
  JOIN resolve.links AS link ON link.lower_id = wanted.identifier_id
  UNION
  SELECT link.*
  FROM unnest($1::uuid[]) AS wanted (identifier_id)
  JOIN resolve.links AS link ON link.higher_id = wanted.identifier_id
)
SELECT
  link.seen,
  link.declared,
  link.first_seen_at AS "firstSeenAt",
  link.decision,
  link.refusal,
  jsonb_build_object(
    'type', lower.identifier_type, 'hash', lower.identifier_hash, 'profileId', lower.profile_id
  ) AS first,
  jsonb_build_object(
    'type', higher.identifier_type, 'hash', higher.identifier_hash, 'profileId', higher.profile_id
  ) AS second
FROM link
JOIN resolve.identifiers AS lower ON lower.identifier_id = link.lower_id
JOIN resolve.identifiers AS higher ON higher.identifier_id = link.higher_id
WHERE NOT EXISTS (
  SELECT FROM privacy.people_being_erased AS erased
  WHERE erased.workspace_id = lower.workspace_id AND erased.person_id IN (lower.profile_id::text, higher.profile_id::text)
)
ORDER BY link.refusal IS NOT NULL, link.first_seen_at, link.lower_id, link.higher_id
LIMIT $2
