SELECT
  known.workspace_id,
  known.identifier_type,
  known.identifier_hash,
  coalesce(merge.survivor_id, known.profile_id) AS profile_id,
  coalesce(merge.lead_type, known.lead_type) AS lead_type
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (workspace_id, identifier_type, identifier_hash)
JOIN resolve.identifiers AS known USING (workspace_id, identifier_type, identifier_hash)
LEFT JOIN resolve.merges AS merge
  ON merge.workspace_id = known.workspace_id AND merge.merged_id = known.profile_id
