-- bounded: active in that calendar period. rolling: in that one or any later. n-day: on that many whole periods after the person's own
-- first day (a month of 30, a quarter of 91 days), among those who can have come so far. What counts as active is an event, usually Order Completed.
CREATE OR REPLACE VIEW retention
AS
SELECT
    cohort,
    cohort_start,
    toUInt16(age) AS age,
    toUInt64(count()) AS people,
    toUInt64(countIf(last_age >= age)) AS eligible,
    toUInt64(countIf(if({form:String} = 'rolling', arrayExists(active_age -> active_age >= age, ages), has(ages, age)))) AS active,
    if(eligible = 0, 0, active / eligible) AS retention
FROM
(
    SELECT
        member.cohort AS cohort,
        member.cohort_start AS cohort_start,
        arrayDistinct(
            arrayFilter(
                active_age -> active_age >= 0,
                arrayMap(
                    day -> if(
                        {form:String} = 'n-day',
                        toInt64(floor((toInt64(day) - toInt64(member.started_on)) / transform({period:String}, ['day', 'week', 'month', 'quarter'], [1, 7, 30, 91], 30))),
                        toInt64(dateDiff({period:String}, member.cohort_start, day))
                    ),
                    activity.days
                )
            )
        ) AS ages,
        if(
            {form:String} = 'n-day',
            toInt64(floor((toInt64(ended.last_day) - toInt64(member.started_on)) / transform({period:String}, ['day', 'week', 'month', 'quarter'], [1, 7, 30, 91], 30))),
            toInt64(dateDiff({period:String}, member.cohort_start, ended.last_day))
        ) AS last_age
    FROM cohort_members(workspace = {workspace:String}, by = {by:String}, period = {period:String}) AS member
    LEFT ANY JOIN
    (
        SELECT person_key, groupUniqArray(day) AS days
        FROM order_facts
        WHERE {event:String} = 'Order Completed' AND kind = 'order' AND workspace_id = {workspace:String}
        GROUP BY person_key
        UNION ALL
        SELECT person_key, groupUniqArray(toDate(timestamp, coalesce(nullIf((SELECT any(time_zone) FROM workspace_zones WHERE workspace_id = {workspace:String}), ''), 'UTC'))) AS days
        FROM timeline
        WHERE {event:String} != 'Order Completed' AND event = {event:String} AND workspace_id = {workspace:String}
        GROUP BY person_key
    ) AS activity ON activity.person_key = member.person_key
    CROSS JOIN
    (
        SELECT max(last_one) AS last_day
        FROM
        (
            SELECT max(day) AS last_one
            FROM order_facts
            WHERE {event:String} = 'Order Completed' AND kind = 'order' AND workspace_id = {workspace:String}
            UNION ALL
            SELECT toDate(max(timestamp), coalesce(nullIf((SELECT any(time_zone) FROM workspace_zones WHERE workspace_id = {workspace:String}), ''), 'UTC')) AS last_one
            FROM touchpoints_by_profile
            WHERE {event:String} != 'Order Completed' AND event = {event:String} AND workspace_id = {workspace:String}
        )
    ) AS ended
    WHERE ({single_purchases:UInt8} = 1 OR member.order_days > 1)
        AND (SELECT throwIf({form:String} NOT IN ('bounded', 'rolling', 'n-day'), 'form must be bounded, rolling or n-day')) = 0
)
ARRAY JOIN range(toUInt64(least({ages:UInt16}, greatest(last_age, 0) + 1))) AS age
GROUP BY cohort, cohort_start, age
ORDER BY cohort, cohort_start, age
COMMENT 'One row a cohort and age, in order. How many of a cohort were active so many periods later. Parameters: workspace, by and period as in cohort_members, form (bounded, rolling, n-day), event, ages (how many at most), single_purchases (0 leaves out customers with orders on one day only)'
