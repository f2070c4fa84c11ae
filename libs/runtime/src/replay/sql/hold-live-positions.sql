-- Waits for the batch in hand of every live member (they hold the row), and lets none begin until this transaction ends.
SELECT topic, partition, position
FROM runtime.positions
WHERE consumer = $1
ORDER BY topic, partition
FOR UPDATE;
