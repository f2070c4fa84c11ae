-- Several people can have given one address; the one seen last is the likeliest, of those who are not being erased.
SELECT profile_id
FROM profile.profiles AS profiles
WHERE workspace_id = $1 AND lower(traits ->> 'email') = lower($2)
ORDER BY
  EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id = profiles.profile_id::text
  ),
  last_seen_at DESC NULLS LAST,
  profile_id
LIMIT 1
