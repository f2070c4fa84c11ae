CREATE OR REPLACE VIEW time_to_convert
AS
SELECT
    toUInt64(count()) AS people,
    toUInt64(countIf(converted > 0)) AS converted_people,
    if(people = 0, 0, converted_people / people) AS conversion,
    if(converted_people = 0, NULL, quantileExactInclusiveIf(0.25)((converted - began) / 1000, converted > 0)) AS seconds_p25,
    if(converted_people = 0, NULL, quantileExactInclusiveIf(0.5)((converted - began) / 1000, converted > 0)) AS seconds_median,
    if(converted_people = 0, NULL, quantileExactInclusiveIf(0.75)((converted - began) / 1000, converted > 0)) AS seconds_p75,
    if(converted_people = 0, NULL, quantileExactInclusiveIf(0.9)((converted - began) / 1000, converted > 0)) AS seconds_p90
FROM
(
    SELECT
        minIf(toUnixTimestamp64Milli(timestamp), event = {from_event:String}) AS began,
        countIf(event = {from_event:String}) AS begun,
        arrayMin(arrayFilter(at -> at >= began, groupArrayIf(toUnixTimestamp64Milli(timestamp), event = {to_event:String}))) AS first_after,
        if(first_after <= began + {window_seconds:UInt64} * 1000, first_after, 0) AS converted
    FROM timeline
    WHERE workspace_id = {workspace:String}
        AND event IN ({from_event:String}, {to_event:String})
        AND timestamp >= {from:DateTime64(3, 'UTC')}
        AND timestamp < {to:DateTime64(3, 'UTC')}
    GROUP BY person_key
    HAVING begun > 0
)
COMMENT 'One row in all. How long people take from their first from_event to the next to_event. Parameters: workspace, from_event, to_event, window_seconds, from, to'
