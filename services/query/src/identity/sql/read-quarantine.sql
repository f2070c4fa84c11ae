-- Links that do not join, the newest first, by their reason; none with somebody who is being erased.
SELECT
  link.refusal,
  link.first_seen_at AS "firstSeenAt",
  jsonb_build_object(
    'type', lower.identifier_type, 'hash', lower.identifier_hash, 'profileId', lower.profile_id
  ) AS first,
  jsonb_build_object(
    'type', higher.identifier_type, 'hash', higher.identifier_hash, 'profileId', higher.profile_id
  ) AS second
FROM resolve.links AS link
JOIN resolve.identifiers AS lower ON lower.identifier_id = link.lower_id
JOIN resolve.identifiers AS higher ON higher.identifier_id = link.higher_id
WHERE lower.workspace_id = $1 AND link.refusal IS NOT NULL AND ($2::text IS NULL OR link.refusal = $2)
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id IN (lower.profile_id::text, higher.profile_id::text)
  )
ORDER BY link.first_seen_at DESC, link.lower_id, link.higher_id
LIMIT $3
