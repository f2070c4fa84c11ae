-- A trait that is said again with the same value has not changed. Values are JSON, so that 1 and "1" differ.
CREATE OR REPLACE VIEW trait_history
AS
SELECT
    workspace_id,
    profile_id,
    trait,
    if(startsWith(said_value, '"'), JSONExtractString(said_value), said_value) AS value,
    timestamp AS valid_from,
    leadInFrame(toNullable(timestamp)) OVER later AS valid_to,
    CAST(valid_to IS NULL, 'Bool') AS is_current,
    source_id,
    message_id
FROM
(
    SELECT
        workspace_id,
        profile_id,
        said.1 AS trait,
        said.2 AS said_value,
        timestamp,
        received_at,
        log_partition,
        log_offset,
        source_id,
        message_id,
        lagInFrame(said_value) OVER before AS value_before,
        row_number() OVER before AS place
    FROM touchpoints
    ARRAY JOIN JSONExtractKeysAndValuesRaw(traits) AS said
    WHERE type = 'identify' AND traits NOT IN ('', '{}')
    WINDOW before AS (PARTITION BY workspace_id, profile_id, trait ORDER BY timestamp, received_at, log_partition, log_offset ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
WHERE place = 1 OR said_value != value_before
WINDOW later AS (PARTITION BY workspace_id, profile_id, trait ORDER BY timestamp, received_at, log_partition, log_offset ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
COMMENT 'One row a person and value of a trait: what people said of themselves over time, from when to when it held'
