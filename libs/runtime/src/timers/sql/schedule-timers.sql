INSERT INTO runtime.timers (owner, timer_id, workspace_id, profile_id, purpose, due_at)
SELECT owner, timer_id, workspace_id, profile_id, purpose, due_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
  AS wanted (owner, timer_id, workspace_id, profile_id, purpose, due_at)
ORDER BY owner, timer_id
ON CONFLICT (owner, timer_id) DO UPDATE
SET workspace_id = excluded.workspace_id,
    profile_id = excluded.profile_id,
    purpose = excluded.purpose,
    due_at = excluded.due_at;
