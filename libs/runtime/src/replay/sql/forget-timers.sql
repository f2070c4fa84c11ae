DELETE FROM runtime.timers
WHERE owner = $1;
