-- A change says since when a stage holds, up to the next: whatever was decided earlier about that time or later is void. So late
-- touchpoints correct the past. Changes of the profile that a person has today count before those of profiles merged into it, of which
-- remains what lies before.
CREATE OR REPLACE VIEW lifecycle_history
AS
SELECT
    workspace_id,
    profile_id,
    stage,
    lagInFrame(stage) OVER one_person AS stage_before,
    valid_from,
    leadInFrame(toNullable(valid_from)) OVER one_person AS valid_to,
    CAST(valid_to IS NULL, 'Bool') AS is_current,
    reason
FROM
(
    SELECT
        workspace_id,
        profile_id,
        to_stage AS stage,
        timestamp AS valid_from,
        reason,
        lagInFrame(to_stage) OVER (PARTITION BY workspace_id, profile_id ORDER BY timestamp ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS earlier_stage
    FROM
    (
        SELECT
            changed.workspace_id AS workspace_id,
            coalesce(nullIf(survivor.survivor_id, ''), changed.profile_id) AS profile_id,
            toString(changed.to_stage) AS to_stage,
            changed.timestamp AS timestamp,
            toString(changed.reason) AS reason,
            min(toNullable(changed.timestamp)) OVER
            (
                PARTITION BY workspace_id, profile_id
                ORDER BY profile_id = changed.profile_id DESC, changed.decided_at DESC, changed.appended_at DESC, changed.log_partition DESC, changed.log_offset DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS void_from
        FROM lifecycle_changes AS changed
        LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = changed.workspace_id AND survivor.profile_id = changed.profile_id
    )
    WHERE void_from IS NULL OR timestamp < void_from
)
WHERE stage != earlier_stage
WINDOW one_person AS (PARTITION BY workspace_id, profile_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
COMMENT 'One row a person and stage: lifecycle stages over time, from when to when each held'
