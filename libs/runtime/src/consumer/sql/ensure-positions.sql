INSERT INTO runtime.positions (consumer, topic, partition)
SELECT $1, topic, partition FROM unnest($2::text[], $3::int[]) AS assigned (topic, partition)
ON CONFLICT DO NOTHING;
