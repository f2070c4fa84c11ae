CREATE OR REPLACE VIEW lifecycle_flow_monthly
AS
SELECT
    workspace_id,
    toStartOfMonth(toDate(valid_from)) AS month,
    stage_before AS from_stage,
    stage AS to_stage,
    toUInt64(uniqExact(profile_id)) AS people
FROM lifecycle_history
GROUP BY workspace_id, month, from_stage, to_stage
COMMENT 'How many people went from one lifecycle stage to another, by month'
