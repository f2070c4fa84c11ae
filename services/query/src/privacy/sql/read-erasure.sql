SELECT
  erasure_id, workspace_id, status, step, profile_ids, subject_ids, identifier_hashes, requested_by, requested_at, findings,
  certificate, completed_at
FROM privacy.erasures
WHERE workspace_id = $1 AND erasure_id = $2
