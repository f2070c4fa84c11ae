WITH RECURSIVE line AS (
  SELECT profile_id, survivor_id
  FROM profile.profiles
  WHERE workspace_id = $1 AND profile_id = $2
  UNION
  SELECT next.profile_id, next.survivor_id
  FROM line
  JOIN profile.profiles AS next ON next.workspace_id = $1 AND next.profile_id = line.survivor_id
)
SELECT
  profile_id,
  first_seen_at,
  last_seen_at,
  traits,
  trait_stamps,
  identifiers,
  recent_touchpoints,
  consents,
  preferences,
  memberships,
  scores,
  recent_deliveries,
  computed,
  relationship,
  clock,
  lifecycle
FROM profile.profiles
WHERE workspace_id = $1 AND profile_id = (SELECT profile_id FROM line WHERE survivor_id IS NULL)
