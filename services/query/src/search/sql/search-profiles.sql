SELECT found.profile_id, known.traits, known.lifecycle ->> 'stage' AS stage, known.last_seen_at
FROM profile.search_keys AS found
JOIN profile.profiles AS known
  ON known.workspace_id = found.workspace_id AND known.profile_id = found.profile_id
WHERE found.workspace_id = $1 AND found.name = $2 AND found.value = $3 AND found.profile_id > $4::uuid
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id = found.profile_id::text
  )
ORDER BY found.profile_id
LIMIT $5
