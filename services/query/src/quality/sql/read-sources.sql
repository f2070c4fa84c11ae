SELECT
    source_id AS source,
    touchpoints,
    rejected,
    rejection_rate,
    violating,
    violation_rate,
    mended_rate,
    identified_rate,
    toString(last_received_at) AS last_received_at,
    median_delay_seconds
FROM source_quality
WHERE workspace_id = {workspace:String}
ORDER BY source_id
