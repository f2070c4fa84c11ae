-- Not the view funnel, which counts people, takes exclusions, breakdowns and dates, and six steps at most. This query also counts sessions that a
-- property names and takes any number of steps, as the published figures do.
-- How many people (or sessions) come how far: the longest prefix of the steps in the order of time, from the first step within the
-- window; other events may happen in between. `within` is a property that names a session, or empty for people.
WITH
    {steps:Array(String)} AS steps,
    reached AS
    (
        SELECT
            profile_id,
            if({within:String} = '', '', JSONExtractString(properties, {within:String})) AS unit,
            arraySort(groupArray((toUnixTimestamp64Milli(timestamp), indexOf(steps, event)))) AS events,
            -- For each step, the latest possible start of a chain that has come there. The later, the longer it may still go on.
            arrayFold(
                (starts, one) -> if(
                    one.2 = 1,
                    arrayMap((start, step) -> if(step = 1, one.1, start), starts, arrayEnumerate(starts)),
                    arrayMap((start, step) -> if(step = one.2 AND starts[step - 1] >= 0 AND one.1 - starts[step - 1] <= {window_seconds:UInt64} * 1000, greatest(start, starts[step - 1]), start), starts, arrayEnumerate(starts))
                ),
                events,
                arrayMap(step -> toInt64(-1), steps)
            ) AS chains
        FROM touchpoints
        WHERE event IN steps
        GROUP BY profile_id, unit
    )
SELECT
    step,
    steps[step] AS event,
    countIf(chains[step] >= 0) AS reached_it,
    if(step = 1, NULL, reached_it / lagInFrame(reached_it) OVER (ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS of_the_step_before
FROM reached
ARRAY JOIN arrayEnumerate(chains) AS step
GROUP BY step
ORDER BY step
