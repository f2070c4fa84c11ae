-- A replay schedules timers again that have fired long ago; their records are on the log and will be read, so nothing
-- fires for an owner until it stands where it stood before.
DELETE FROM runtime.timers
WHERE owner = $1
  AND timer_id IN (
    SELECT timer_id
    FROM runtime.timers
    WHERE owner = $1
      AND due_at <= $2
      AND NOT EXISTS (
        SELECT FROM runtime.positions WHERE consumer = $1 AND position < emitted
      )
    ORDER BY due_at, timer_id
    LIMIT $3
    FOR UPDATE SKIP LOCKED
  )
RETURNING timer_id, workspace_id, profile_id, purpose, due_at;
