UPDATE runtime.positions
SET position = $4,
    emitted = greatest(emitted, $4),
    origins = $5,
    planned_until = NULL,
    unappended = $6::bytea,
    unappended_from = CASE WHEN $6::bytea IS NOT NULL THEN position END,
    updated_at = now()
WHERE consumer = $1 AND topic = $2 AND partition = $3;
