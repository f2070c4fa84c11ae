WITH registered AS (
  INSERT INTO privacy.erasures (
    erasure_id, workspace_id, profile_ids, subject_ids, identifier_hashes, requested_by, requested_at
  )
  VALUES ($1, $2, $3::text[], $4::text[], $5::text[], $6, to_timestamp($7 / 1000.0))
  ON CONFLICT DO NOTHING
  RETURNING erasure_id, workspace_id, profile_ids, subject_ids
), people AS (
  INSERT INTO privacy.erased_people (workspace_id, person_id, erasure_id)
  SELECT workspace_id, person_id, erasure_id
  FROM registered, unnest(profile_ids || subject_ids) AS person_id
  ON CONFLICT DO NOTHING
)
UPDATE privacy.epoch SET value = value + 1 WHERE EXISTS (SELECT FROM registered)
