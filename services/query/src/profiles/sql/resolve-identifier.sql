SELECT coalesce(merge.survivor_id, known.profile_id) AS profile_id
FROM resolve.identifiers AS known
LEFT JOIN resolve.merges AS merge
  ON merge.workspace_id = known.workspace_id AND merge.merged_id = known.profile_id
WHERE known.workspace_id = $1 AND known.identifier_type = $2 AND known.identifier_hash = $3
