WITH gone AS (
  DELETE FROM runtime.timers
  WHERE owner = $1
    AND NOT EXISTS (
      SELECT FROM shadow.timers AS kept WHERE kept.owner = timers.owner AND kept.timer_id = timers.timer_id
    )
)

INSERT INTO runtime.timers (owner, timer_id, workspace_id, profile_id, purpose, due_at)
SELECT owner, timer_id, workspace_id, profile_id, purpose, due_at
FROM shadow.timers
WHERE owner = $1
ON CONFLICT (owner, timer_id) DO UPDATE
SET workspace_id = excluded.workspace_id,
    profile_id = excluded.profile_id,
    purpose = excluded.purpose,
    due_at = excluded.due_at;
