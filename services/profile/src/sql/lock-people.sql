SELECT workspace_id, profile_id, survivor_id, sequence, part_ids, profiles.xmin::text AS version
FROM profile.profiles
JOIN unnest($1::text[], $2::uuid[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)
ORDER BY workspace_id, profile_id
FOR UPDATE OF profiles
