DELETE FROM runtime.timers
WHERE owner = $1 AND timer_id = ANY ($2::text[]);
