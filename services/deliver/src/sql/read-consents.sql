-- What the persons behind these profile ids say today, merges followed. An id that is no profile's says nothing.
WITH RECURSIVE line AS (
  SELECT asked.workspace_id, asked.asked_id, known.profile_id, known.survivor_id
  FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS asked (workspace_id, asked_id)) AS asked
  JOIN profile.profiles AS known ON known.workspace_id = asked.workspace_id AND known.profile_id = CASE
    WHEN asked.asked_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN asked.asked_id::uuid
  END
  UNION
  SELECT line.workspace_id, line.asked_id, next.profile_id, next.survivor_id
  FROM line
  JOIN profile.profiles AS next ON next.workspace_id = line.workspace_id AND next.profile_id = line.survivor_id
)
SELECT line.workspace_id, line.asked_id, person.consents, person.preferences
FROM line
JOIN profile.profiles AS person ON person.workspace_id = line.workspace_id AND person.profile_id = line.profile_id
WHERE line.survivor_id IS NULL
