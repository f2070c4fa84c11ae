UPDATE audit.heads SET sequence = $2, hash = $3 WHERE workspace_id = $1
