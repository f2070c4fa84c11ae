SELECT topic, partition, position, unappended
FROM runtime.positions
WHERE consumer = $1 AND unappended IS NOT NULL
ORDER BY topic, partition;
