CREATE OR REPLACE VIEW funnel
AS
SELECT
    breakdown,
    toUInt8(step) AS step,
    {steps:Array(String)}[step] AS event,
    toUInt64(countIf(level >= step)) AS people,
    if(count() = 0, 0, people / count()) AS of_first,
    if(step = 1, 1, if(countIf(level >= step - 1) = 0, 0, people / countIf(level >= step - 1))) AS of_previous
FROM funnel_levels(
    workspace = {workspace:String},
    steps = {steps:Array(String)},
    window_seconds = {window_seconds:UInt64},
    exclude = {exclude:Array(String)},
    breakdown = {breakdown:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')}
)
ARRAY JOIN arrayEnumerate({steps:Array(String)}) AS step
WHERE (SELECT throwIf(length({steps:Array(String)}) > 6, 'steps may be 6 at most; docs/sql/queries/funnel.sql takes any number')) = 0
    AND (SELECT throwIf({breakdown:String} NOT IN ('source', 'medium', 'campaign', 'country', ''), 'breakdown must be source, medium, campaign, country or empty')) = 0
GROUP BY breakdown, step
ORDER BY breakdown, step
COMMENT 'One row a breakdown and step, in order. How many people took the steps in order. Parameters: workspace, steps (up to 6 events), window_seconds (from the first step to the last), exclude (events that break the row), breakdown (source, medium, campaign, country or empty), from, to'
