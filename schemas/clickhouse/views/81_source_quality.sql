CREATE OR REPLACE VIEW source_quality
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    source_id LowCardinality(String) COMMENT 'Source',
    touchpoints UInt64 COMMENT 'Touchpoints that were accepted, each counted once',
    rejected UInt64 COMMENT 'Events that were refused and kept aside',
    rejection_rate Float64 COMMENT 'rejected / (touchpoints + rejected), from 0 to 1',
    violating UInt64 COMMENT 'Accepted touchpoints that break the tracking plan',
    violation_rate Float64 COMMENT 'violating / touchpoints, from 0 to 1',
    mended UInt64 COMMENT 'Accepted touchpoints of which the collector mended a time, a text or a number',
    mended_rate Float64 COMMENT 'mended / touchpoints, from 0 to 1',
    identified UInt64 COMMENT 'Touchpoints that name a userId',
    identified_rate Float64 COMMENT 'identified / touchpoints, from 0 to 1',
    first_received_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the first was received',
    last_received_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the newest was received: how fresh the source is',
    median_delay_seconds Float64 COMMENT 'Median time from the touchpoint to its arrival; imported history is left out'
)
AS
SELECT
    workspace_id,
    source_id,
    sum(accepted.touchpoints) AS touchpoints,
    sum(accepted.refused) AS rejected,
    if(touchpoints + rejected = 0, 0, rejected / (touchpoints + rejected)) AS rejection_rate,
    sum(accepted.violating) AS violating,
    if(touchpoints = 0, 0, violating / touchpoints) AS violation_rate,
    sum(accepted.mended) AS mended,
    if(touchpoints = 0, 0, mended / touchpoints) AS mended_rate,
    sum(accepted.identified) AS identified,
    if(touchpoints = 0, 0, identified / touchpoints) AS identified_rate,
    min(accepted.first_received_at) AS first_received_at,
    max(accepted.last_received_at) AS last_received_at,
    max(accepted.median_delay_seconds) AS median_delay_seconds
FROM
(
    SELECT
        workspace_id,
        source_id,
        count() AS touchpoints,
        0 AS refused,
        countIf(arrayExists(flag -> startsWith(flag, 'violation:'), flags)) AS violating,
        countIf(arrayExists(flag -> NOT startsWith(flag, 'violation:'), flags)) AS mended,
        countIf(is_identified) AS identified,
        toNullable(min(received_at)) AS first_received_at,
        toNullable(max(received_at)) AS last_received_at,
        ifNotFinite(
            quantileIf(0.5)(dateDiff('millisecond', timestamp, received_at) / 1000, NOT imported AND timestamp <= received_at),
            0
        ) AS median_delay_seconds
    FROM recorded_touchpoints
    GROUP BY workspace_id, source_id
    UNION ALL
    SELECT workspace_id, source_id, 0, count(), 0, 0, 0, NULL, NULL, 0
    FROM rejected_touchpoints
    WHERE reason != 'continued'
    GROUP BY workspace_id, source_id
) AS accepted
GROUP BY workspace_id, source_id
COMMENT 'One row a source. How good the data of each source is. Repeated messages are counted in PostgreSQL, table resolve.intake'
