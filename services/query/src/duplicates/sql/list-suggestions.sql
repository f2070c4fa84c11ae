-- Only people who are still two: a link may have joined them since, or one may have been erased or is being erased.
SELECT
  found.suggestion_id::text AS suggestion_id,
  found.lower_id::text AS lower_id,
  found.higher_id::text AS higher_id,
  found.probability,
  found.by_group,
  found.evidence,
  one.traits AS lower_traits,
  other.traits AS higher_traits,
  found.found_at
FROM duplicates.suggestions AS found
JOIN profile.profiles AS one ON one.workspace_id = $1 AND one.profile_id = found.lower_id AND one.survivor_id IS NULL
JOIN profile.profiles AS other ON other.workspace_id = $1 AND other.profile_id = found.higher_id AND other.survivor_id IS NULL
WHERE found.workspace_id = $1
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id IN (found.lower_id::text, found.higher_id::text)
  )
ORDER BY found.probability DESC, found.suggestion_id
LIMIT $2
