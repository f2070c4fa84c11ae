UPDATE runtime.positions
SET position = $4, emitted = greatest(emitted, $4), origins = $5, planned_until = NULL, updated_at = now()
WHERE consumer = $1 AND topic = $2 AND partition = $3;
