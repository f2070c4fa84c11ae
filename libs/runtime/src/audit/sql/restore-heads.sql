INSERT INTO audit.heads (workspace_id, sequence, hash)
SELECT DISTINCT ON (workspace_id) workspace_id, sequence, hash
FROM audit.entries
ORDER BY workspace_id, sequence DESC
ON CONFLICT DO NOTHING
