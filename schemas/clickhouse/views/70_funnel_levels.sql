-- A person's level is the longest prefix of the steps that she took in order of time, the last one within the window of the first;
-- of two events at the same moment the earlier step counts first. An excluded event breaks the row: what lies before and after it is
-- looked at apart. The breakdown is that of her first step.
CREATE OR REPLACE VIEW funnel_levels
AS
SELECT
    if(survivor.survivor_key = 0, seen.lone_key, survivor.survivor_key) AS person_key,
    windowFunnel({window_seconds:UInt64} * 1000)(
        toUInt64(greatest(toUnixTimestamp64Milli(seen.timestamp), 0)),
        seen.event = {steps:Array(String)}[1],
        seen.event = {steps:Array(String)}[2],
        seen.event = {steps:Array(String)}[3],
        seen.event = {steps:Array(String)}[4],
        seen.event = {steps:Array(String)}[5],
        seen.event = {steps:Array(String)}[6]
    ) AS level,
    if(
        {breakdown:String} = '',
        '',
        argMinIf(
            multiIf(
                {breakdown:String} = 'source', toString(seen.campaign_source),
                {breakdown:String} = 'medium', toString(seen.campaign_medium),
                {breakdown:String} = 'campaign', toString(seen.campaign_name),
                {breakdown:String} = 'country', toString(seen.country),
                ''
            ),
            seen.timestamp,
            seen.event = {steps:Array(String)}[1]
        )
    ) AS breakdown
FROM touchpoints_by_profile AS seen
LEFT ANY JOIN (SELECT lone_key, survivor_key FROM profile_survivors) AS survivor ON survivor.lone_key = seen.lone_key
WHERE empty({exclude:Array(String)})
    AND seen.workspace_id = {workspace:String}
    AND seen.event IN {steps:Array(String)}
    AND seen.timestamp >= {from:DateTime64(3, 'UTC')}
    AND seen.timestamp < {to:DateTime64(3, 'UTC')}
GROUP BY person_key
HAVING level > 0
UNION ALL
SELECT
    person_key,
    max(reached) AS level,
    argMin(label, began) AS breakdown
FROM
(
    SELECT
        person_key,
        windowFunnel({window_seconds:UInt64} * 1000)(
            toUInt64(greatest(toUnixTimestamp64Milli(timestamp), 0)),
            event = {steps:Array(String)}[1],
            event = {steps:Array(String)}[2],
            event = {steps:Array(String)}[3],
            event = {steps:Array(String)}[4],
            event = {steps:Array(String)}[5],
            event = {steps:Array(String)}[6]
        ) AS reached,
        min(if(event = {steps:Array(String)}[1], timestamp, toDateTime64('2299-12-31 23:59:59', 3, 'UTC'))) AS began,
        argMinIf(value, timestamp, event = {steps:Array(String)}[1]) AS label
    FROM
    (
        SELECT
            person_key,
            timestamp,
            event,
            multiIf(
                {breakdown:String} = 'source', toString(campaign_source),
                {breakdown:String} = 'medium', toString(campaign_medium),
                {breakdown:String} = 'campaign', toString(campaign_name),
                {breakdown:String} = 'country', toString(country),
                ''
            ) AS value,
            countIf(event IN {exclude:Array(String)}) OVER (PARTITION BY person_key ORDER BY timestamp, received_at, log_partition, log_offset ROWS UNBOUNDED PRECEDING) AS part
        FROM timeline
        WHERE notEmpty({exclude:Array(String)})
            AND workspace_id = {workspace:String}
            AND event IN arrayConcat({steps:Array(String)}, {exclude:Array(String)})
            AND timestamp >= {from:DateTime64(3, 'UTC')}
            AND timestamp < {to:DateTime64(3, 'UTC')}
    )
    GROUP BY person_key, part
)
GROUP BY person_key
HAVING level > 0
COMMENT 'One row a person who took the first step. How far each person came in a funnel. Parameters as in funnel'
