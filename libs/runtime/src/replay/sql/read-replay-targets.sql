SELECT topic, partition, emitted AS until
FROM runtime.positions
WHERE consumer = $1
ORDER BY topic, partition;
