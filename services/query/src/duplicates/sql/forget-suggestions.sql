DELETE FROM duplicates.suggestions WHERE workspace_id = $1
