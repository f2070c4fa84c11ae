SELECT
  workspace_id AS "workspaceId", sequence, (extract(epoch FROM at) * 1000)::bigint AS at, actor, action, target, details,
  previous_hash AS "previousHash", hash
FROM audit.entries
WHERE NOT appended
ORDER BY workspace_id, sequence
LIMIT 1000
