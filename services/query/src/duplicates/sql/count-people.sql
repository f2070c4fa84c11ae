SELECT count(*) AS people
FROM profile.profiles
WHERE workspace_id = $1 AND survivor_id IS NULL AND traits <> '{}'
