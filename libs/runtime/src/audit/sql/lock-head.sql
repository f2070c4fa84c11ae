INSERT INTO audit.heads (workspace_id, sequence, hash)
VALUES ($1, 0, $2)
ON CONFLICT (workspace_id) DO UPDATE SET sequence = audit.heads.sequence
RETURNING sequence, hash
