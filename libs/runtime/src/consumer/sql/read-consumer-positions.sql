-- Up to where everything is done and said.
SELECT topic, partition, coalesce(unappended_from, position) AS position
FROM runtime.positions
WHERE consumer = $1
