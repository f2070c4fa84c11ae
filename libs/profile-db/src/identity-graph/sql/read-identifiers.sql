SELECT
  identifier_id, workspace_id, identifier_type, identifier_hash,
  first_seen_at, leads, link_counts, entangled, profile_id
FROM resolve.identifiers
WHERE identifier_id = ANY ($1::uuid[])
