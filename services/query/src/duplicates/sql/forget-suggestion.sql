DELETE FROM duplicates.suggestions WHERE workspace_id = $1 AND suggestion_id = $2
