SELECT profile_id::text AS profile_id, traits
FROM profile.profiles
WHERE workspace_id = $1 AND survivor_id IS NULL AND profile_id > $2::uuid AND traits <> '{}'
ORDER BY profile_id
LIMIT $3
