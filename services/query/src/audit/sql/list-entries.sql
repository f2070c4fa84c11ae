SELECT
  sequence, at, actor, action, target, details, hash
FROM audit.entries
WHERE workspace_id = $1
  AND ($2::text IS NULL OR target = $2)
  AND ($3::text IS NULL OR action = $3)
  AND ($4::text IS NULL OR actor = $4)
  AND ($5::bigint IS NULL OR sequence < $5)
ORDER BY sequence DESC
LIMIT $6
