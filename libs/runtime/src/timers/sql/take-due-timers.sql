DELETE FROM runtime.timers
WHERE owner = $1
  AND timer_id IN (
    SELECT timer_id
    FROM runtime.timers
    WHERE owner = $1 AND due_at <= $2
    ORDER BY due_at, timer_id
    LIMIT $3
    FOR UPDATE SKIP LOCKED
  )
RETURNING timer_id, workspace_id, profile_id, purpose, due_at;
