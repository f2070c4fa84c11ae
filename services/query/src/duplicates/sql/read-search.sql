SELECT finished_at, profiles, candidates, needed_bits
FROM duplicates.searches
WHERE workspace_id = $1
