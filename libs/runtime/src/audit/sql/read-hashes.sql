SELECT sequence, hash FROM audit.entries WHERE workspace_id = $1
