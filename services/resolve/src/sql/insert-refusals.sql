-- Gives the refusals that are new.
INSERT INTO resolve.refusals (workspace_id, lead_type, lead_hash, identifier_type, identifier_hash)
SELECT *
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
ON CONFLICT DO NOTHING
RETURNING workspace_id, lead_type, lead_hash, identifier_type, identifier_hash
