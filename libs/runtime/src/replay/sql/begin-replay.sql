UPDATE runtime.positions
SET position = 0, origins = '{}', planned_until = NULL
WHERE consumer = $1;
