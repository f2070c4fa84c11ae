INSERT INTO resolve.merges (workspace_id, merged_id, survivor_id, lead_type)
SELECT *
FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[])
