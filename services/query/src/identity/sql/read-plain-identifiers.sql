-- What of some profiles is known in plain text and may stand in the graph by its hash. Nobody who is being erased.
SELECT
  profile_id::text AS profile_id,
  identifiers,
  jsonb_build_object('email', traits -> 'email', 'phone', traits -> 'phone') AS traits
FROM profile.profiles AS profiles
WHERE workspace_id = $1 AND profile_id = ANY ($2::uuid[])
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id = profiles.profile_id::text
  )
