SELECT lower_id::text AS lower_id, higher_id::text AS higher_id
FROM duplicates.suggestions
WHERE workspace_id = $1 AND suggestion_id = $2
