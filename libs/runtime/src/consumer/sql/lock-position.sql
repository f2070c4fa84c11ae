SELECT position, emitted, origins, planned_until, replaying
FROM runtime.positions
WHERE consumer = $1 AND topic = $2 AND partition = $3
FOR UPDATE;
