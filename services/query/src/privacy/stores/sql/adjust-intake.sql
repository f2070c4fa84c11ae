-- The person's touchpoints count as erased from now on, as a replay would count them. Once an erasure.
WITH once AS (
  UPDATE privacy.erasures SET intake_adjusted = true WHERE erasure_id = $1 AND NOT intake_adjusted RETURNING workspace_id
)
UPDATE resolve.intake AS intake
SET resolved = intake.resolved - gone.touchpoints, erased = intake.erased + gone.touchpoints
FROM once, jsonb_to_recordset($2::jsonb) AS gone (source_id text, received_hour timestamptz, log_partition int, touchpoints bigint)
WHERE intake.workspace_id = once.workspace_id
  AND intake.source_id = gone.source_id
  AND intake.received_hour = gone.received_hour
  AND intake.log_partition = gone.log_partition
