SELECT count(*) FILTER (WHERE planned_until IS NOT NULL) AS planned
FROM runtime.positions
WHERE consumer = $1;
