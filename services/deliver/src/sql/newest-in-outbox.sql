-- None to somebody who is being erased.
SELECT
  workspace_id, delivery_id, profile_id, channel, template_id, journey_id, instance_id, step_id, status, reason, sent_at,
  subject_id, key_id, message
FROM deliver.outbox
WHERE workspace_id = $1
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id = outbox.profile_id::text
  )
ORDER BY sent_at DESC, delivery_id
LIMIT $2;
