CREATE OR REPLACE VIEW lifecycle_flow
AS
SELECT
    toDate(dateTrunc({period:String}, toDate(valid_from, coalesce(nullIf((SELECT any(time_zone) FROM workspace_zones WHERE workspace_id = {workspace:String}), ''), 'UTC')))) AS period_start,
    stage_before AS from_stage,
    stage AS to_stage,
    toUInt64(uniqExact(profile_id)) AS people
FROM lifecycle_history
WHERE workspace_id = {workspace:String}
GROUP BY period_start, from_stage, to_stage
ORDER BY period_start, from_stage, to_stage
COMMENT 'One row a period, stage before and stage. How many people went from one lifecycle stage to another, by period. Parameters: workspace, period (day, week, month, quarter)'
