-- No join: a locking read that waited for another transaction checks the changed row again, and where the partition is found
-- by a value of the other side of a nested loop, PostgreSQL (18.4) then looks in the partition of the row it read last and
-- passes over the one it waited for. A profile id holds its workspace, so the two lists name no other pairs.
SELECT workspace_id, profile_id, survivor_id, sequence, part_ids, profiles.xmin::text AS version
FROM profile.profiles
WHERE workspace_id = ANY ($1::text[]) AND profile_id = ANY ($2::uuid[])
ORDER BY workspace_id, profile_id
FOR UPDATE
