SELECT p.position
FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS assigned (topic, partition, place)
JOIN runtime.positions p ON p.consumer = $1 AND p.topic = assigned.topic AND p.partition = assigned.partition
ORDER BY assigned.place;
