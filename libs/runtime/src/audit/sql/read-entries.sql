SELECT
  workspace_id AS "workspaceId", sequence, (extract(epoch FROM at) * 1000)::bigint AS at, actor, action, target, details,
  previous_hash AS "previousHash", hash
FROM audit.entries
WHERE workspace_id = $1 AND sequence > $2
ORDER BY sequence
LIMIT 5000
