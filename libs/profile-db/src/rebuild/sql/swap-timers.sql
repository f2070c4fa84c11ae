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
    due_at = excluded.due_at
-- Most of them are as they were, and writing a row costs more than looking at it.
WHERE (timers.workspace_id, timers.profile_id, timers.purpose, timers.due_at)
  IS DISTINCT FROM (excluded.workspace_id, excluded.profile_id, excluded.purpose, excluded.due_at);
