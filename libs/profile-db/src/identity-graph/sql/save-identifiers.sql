INSERT INTO resolve.identifiers (
  identifier_id, workspace_id, identifier_type, identifier_hash,
  first_seen_at, leads, link_counts, crowded_types, shared, entangled, profile_id
)
SELECT
  identifier_id, workspace_id, identifier_type, identifier_hash,
  first_seen_at, leads, link_counts, crowded_types, shared, entangled, profile_id
FROM json_to_recordset($1::json) AS row (
  identifier_id uuid, workspace_id text, identifier_type text, identifier_hash text,
  first_seen_at bigint, leads boolean, link_counts jsonb, crowded_types text[], shared boolean, entangled boolean,
  profile_id uuid
)
ON CONFLICT (identifier_id) DO UPDATE SET
  first_seen_at = excluded.first_seen_at,
  leads = excluded.leads,
  link_counts = excluded.link_counts,
  crowded_types = excluded.crowded_types,
  shared = excluded.shared,
  entangled = excluded.entangled,
  profile_id = excluded.profile_id
