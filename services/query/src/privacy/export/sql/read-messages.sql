SELECT
  delivery_id, channel, template_id, journey_id, status, reason, sent_at, subject_id, key_id, message
FROM deliver.outbox
WHERE workspace_id = $1 AND profile_id = ANY($2::text[])
ORDER BY sent_at, delivery_id
