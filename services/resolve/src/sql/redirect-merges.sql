UPDATE resolve.merges AS merge
SET survivor_id = new.survivor_id, lead_type = new.lead_type
FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[]) AS new (workspace_id, merged_id, survivor_id, lead_type)
WHERE merge.workspace_id = new.workspace_id AND merge.survivor_id = new.merged_id
