SELECT merge.merged_id, merge.survivor_id, merge.lead_type
FROM unnest($1::text[], $2::uuid[]) AS wanted (workspace_id, merged_id)
JOIN resolve.merges AS merge USING (workspace_id, merged_id)
