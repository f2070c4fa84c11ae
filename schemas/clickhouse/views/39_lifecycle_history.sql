-- Late touchpoints correct the past without a further event: the row of each moment that was decided last holds.
CREATE OR REPLACE VIEW lifecycle_history
AS
SELECT
    workspace_id,
    profile_id,
    to_stage AS stage,
    lagInFrame(to_stage) OVER one_person AS stage_before,
    timestamp AS valid_from,
    leadInFrame(toNullable(timestamp)) OVER one_person AS valid_to,
    CAST(valid_to IS NULL, 'Bool') AS is_current,
    reason
FROM
(
    SELECT
        changed.workspace_id AS workspace_id,
        coalesce(nullIf(survivor.survivor_id, ''), changed.profile_id) AS profile_id,
        toString(changed.to_stage) AS to_stage,
        changed.timestamp AS timestamp,
        toString(changed.reason) AS reason
    FROM lifecycle_changes AS changed
    LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = changed.workspace_id AND survivor.profile_id = changed.profile_id
    ORDER BY changed.decided_at DESC, changed.log_partition DESC, changed.log_offset DESC
    LIMIT 1 BY workspace_id, profile_id, timestamp
)
WINDOW one_person AS (PARTITION BY workspace_id, profile_id ORDER BY timestamp ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
COMMENT 'Lifecycle stages of people over time: one row a stage, from when to when it held'
