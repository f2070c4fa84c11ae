CREATE OR REPLACE VIEW lifecycle_flow_monthly
AS
WITH (SELECT mapFromArrays(groupArray(workspace_id), groupArray(time_zone)) FROM workspace_zones) AS zones
SELECT
    workspace_id,
    toStartOfMonth(toDate(formatDateTime(valid_from, '%Y-%m-%d', coalesce(nullIf(zones[toString(workspace_id)], ''), 'UTC')))) AS month,
    stage_before AS from_stage,
    stage AS to_stage,
    toUInt64(uniqExact(profile_id)) AS people
FROM lifecycle_history
GROUP BY workspace_id, month, from_stage, to_stage
COMMENT 'One row a month, stage before and stage. How many people went from one lifecycle stage to another, by month'
