SELECT
  erasure_id, workspace_id, status, step, profile_ids, subject_ids, identifier_hashes, requested_by, requested_at, findings,
  certificate, completed_at
FROM privacy.erasures
WHERE status <> 'completed'
ORDER BY requested_at, erasure_id
LIMIT $1
