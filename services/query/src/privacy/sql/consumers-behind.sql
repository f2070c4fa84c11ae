-- Consumers that stand before the given ends of partitions, or have not said what follows from there.
SELECT positions.consumer, positions.topic, positions.partition
FROM unnest($1::text[], $2::int[], $3::bigint[]) AS ends (topic, partition, high)
JOIN runtime.positions USING (topic, partition)
WHERE coalesce(positions.unappended_from, positions.position) < ends.high
ORDER BY positions.consumer
