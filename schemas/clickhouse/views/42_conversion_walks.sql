-- The touches of a person in order of time, cut at conversions. A touch within half an hour of the one before is the same visit
-- when it is direct or has the same channel, source, medium and campaign, and is left out.
-- A conversion's walk holds the touches of the look-back before it and, with restart = 1, after the conversion before it.
-- The touches after a person's last conversion are a walk that did not convert, which ends with the period.
-- From the inside out: the touches of lone profiles, as kept together, and conversions; both of a person as arrays in order of time; her
-- visits and the ends of her walks as moments (time in the upper half of a number; the lower half of an end is all ones, so that it
-- comes last of its millisecond), split after each end.
CREATE OR REPLACE VIEW conversion_walks
AS
WITH
    (
        SELECT (groupArray(visit), groupArray(label_key))
        FROM touch_labels(workspace = {workspace:String}, by = {by:String})
    ) AS names,
    toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS period_start,
    toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}) AS period_end,
    toInt64({lookback_seconds:UInt32}) * 1000 AS lookback
SELECT
    profile_id,
    converted,
    conversion_id,
    value,
    toInt64(bitShiftRight(part[-1], 64)) AS ended_ms,
    arrayFilter(
        visit -> bitShiftRight(visit, 64) >= if(converted, ended_ms - lookback, period_start),
        arrayPopBack(part)
    ) AS visits,
    arrayMap(visit -> transform(toUInt64(visit), names.1, names.2, toUInt64(0)), visits) AS labels,
    arrayMap(visit -> toInt64(bitShiftRight(visit, 64)), visits) AS visited_ms
FROM
(
    SELECT
        profile_id,
        arrayFilter(
            (touch, gap, visit_before, place) -> place = 1 OR gap >= 1800000 OR NOT (touch % 2 = 1 OR toUInt64(touch) = visit_before),
            touches,
            arrayDifference(arrayMap(touch -> toInt64(bitShiftRight(touch, 64)), touches)),
            arrayShiftRight(arrayMap(touch -> toUInt64(touch), touches), 1),
            arrayEnumerate(touches)
        ) AS visits,
        arrayMap(at -> bitShiftLeft(toUInt128(at), 64) + 18446744073709551615, arrayPushBack(conversion_times, period_end)) AS ends,
        arraySort(arrayConcat(visits, ends)) AS moments,
        if(
            {restart:UInt8} = 1,
            arraySplit((moment, begins) -> begins, moments, arrayShiftRight(arrayMap(moment -> toUInt64(moment) = 18446744073709551615, moments), 1)),
            arrayMap(
                (end, after) -> arrayPushBack(arrayFilter(visit -> visit > after AND visit <= end, visits), end),
                ends,
                arrayPushBack(arrayResize(CAST([], 'Array(UInt128)'), length(conversion_times)), if(empty(conversion_times), 0, ends[-2]))
            )
        ) AS parts,
        arrayPushBack(arrayMap(at -> true, conversion_times), false) AS of_conversions,
        arrayPushBack(conversion_ids, '') AS ids,
        arrayPushBack(conversion_values, toDecimal128(0, 4)) AS values
    FROM
    (
        SELECT
            any(happened.profile_id) AS profile_id,
            arraySort(
                arrayFilter(
                    touch -> bitShiftRight(touch, 64) >= period_start - lookback AND bitShiftRight(touch, 64) < period_end,
                    groupArrayArray(happened.touches)
                )
            ) AS touches,
            arraySort(groupArrayIf((happened.at, happened.tie, happened.value, happened.conversion_id), happened.at > 0)) AS conversions_in_order,
            conversions_in_order.1 AS conversion_times,
            conversions_in_order.3 AS conversion_values,
            conversions_in_order.4 AS conversion_ids
        FROM
        (
            SELECT
                if(survivor.survivor_key = 0, lone.lone_key, survivor.survivor_key) AS person_key,
                coalesce(nullIf(survivor.survivor_id, ''), lone.lone_profile_id) AS profile_id,
                lone.touches AS touches,
                toInt64(0) AS at,
                toUInt64(0) AS tie,
                '' AS conversion_id,
                toDecimal128(0, 4) AS value
            FROM
            (
                SELECT lone_key, any(lone_profile_id) AS lone_profile_id, groupArrayIf(touch, is_touch) AS touches
                FROM touchpoints_by_profile
                WHERE workspace_id = {workspace:String}
                GROUP BY lone_key
            ) AS lone
            LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = lone.lone_key
            WHERE notEmpty(touches)
            UNION ALL
            SELECT
                person_key,
                profile_id,
                CAST([], 'Array(UInt128)') AS touches,
                toUnixTimestamp64Milli(converted_at) AS at,
                cityHash64(conversions.conversion_id) AS tie,
                if({with_ids:UInt8} = 1, conversions.conversion_id, '') AS conversion_id,
                value
            FROM conversions
            WHERE workspace_id = {workspace:String}
                AND event = {conversion:String}
                AND converted_at >= {from:DateTime64(3, 'UTC')} - toIntervalSecond({lookback_seconds:UInt32})
                AND converted_at < {to:DateTime64(3, 'UTC')}
        ) AS happened
        GROUP BY person_key
    )
)
ARRAY JOIN parts AS part, of_conversions AS converted, ids AS conversion_id, values AS value
WHERE ended_ms >= period_start AND (converted OR notEmpty(visits))
COMMENT 'Paths as conversion_paths shows them, with labels as numbers (odd when direct) and times in milliseconds; kept apart so that what only counts paths need not spell them out. Parameters as conversion_paths, and with_ids (0: conversion_id is empty)'
