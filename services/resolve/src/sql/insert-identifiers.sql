INSERT INTO resolve.identifiers (workspace_id, identifier_type, identifier_hash, profile_id, lead_type)
SELECT *
FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[])
