SELECT
  workspace_id,
  profile_id,
  (extract(epoch FROM first_seen_at) * 1000)::bigint AS first_seen_at,
  (extract(epoch FROM last_seen_at) * 1000)::bigint AS last_seen_at,
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
JOIN unnest($1::text[], $2::uuid[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)
