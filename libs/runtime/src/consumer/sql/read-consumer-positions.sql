SELECT topic, partition, position
FROM runtime.positions
WHERE consumer = $1
