INSERT INTO runtime.positions (consumer, topic, partition, emitted)
SELECT $1, topic, partition, $4
FROM unnest($2::text[], $3::int[]) AS stand (topic, partition)
ON CONFLICT DO NOTHING;
