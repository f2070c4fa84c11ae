INSERT INTO deliver.outbox (
  workspace_id, delivery_id, profile_id, channel, template_id, journey_id, instance_id, step_id, status, reason, sent_at,
  subject_id, key_id, message
)
SELECT *
FROM unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
  $10::text[], $11::bigint[], $12::text[], $13::text[], $14::bytea[]
) AS message (
  workspace_id, delivery_id, profile_id, channel, template_id, journey_id, instance_id, step_id, status, reason, sent_at,
  subject_id, key_id, message
)
ORDER BY workspace_id, delivery_id
ON CONFLICT (workspace_id, delivery_id) DO NOTHING
RETURNING workspace_id, delivery_id;
