SELECT count(*) AS people
FROM profile.profiles AS profiles
WHERE workspace_id = $1 AND survivor_id IS NULL AND traits <> '{}'
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id = profiles.profile_id::text
  )
