-- The touches of a person in order of time, cut at conversions. A touch within half an hour of the one before is the same visit
-- when it is direct or has the same channel, source, medium and campaign, and is left out.
-- A conversion's walk holds the touches of the look-back before it and, with restart = 1, after the conversion before it.
-- The touches after a person's last conversion are a walk that did not convert, which ends with the period.
-- From the inside out: the touches of lone profiles, as kept together (in several rows, as long as parts are not merged), and conversions; both of
-- a person as arrays of numbers, which sort and group much faster than tuples; her visits and the ends of her walks as moments, split after each end.
-- A moment is 128 bits: milliseconds since 1970, then 64 bits of what brought her; all of them are ones in the end of a walk, so that it comes
-- last of its millisecond. A conversion is 256 bits: its moment with a hash of its id, then its value, a Decimal(38, 4).
CREATE OR REPLACE VIEW conversion_walks
AS
WITH
    (
        SELECT (groupArray(visit), groupArray(label_key))
        FROM touch_labels(workspace = {workspace:String}, by = {by:String})
    ) AS names,
    toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS period_start,
    toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}) AS period_end,
    toInt64({lookback_seconds:UInt32}) * 1000 AS lookback,
    at -> bitShiftLeft(toUInt128(greatest(at, 0)), 64) AS moment,
    toUInt64(18446744073709551615) AS ending,
    (of_conversions, of_none) -> if({with_nulls:UInt8} = 1, arrayPushBack(of_conversions, of_none), of_conversions) AS walks
SELECT
    profile_id,
    converted,
    conversion_id,
    value,
    toInt64(bitShiftRight(part[-1], 64)) AS ended_ms,
    arrayFilter(visit -> visit >= moment(if(converted, ended_ms - lookback, period_start)), arrayPopBack(part)) AS visits,
    arrayMap(visit -> transform(toUInt64(visit), names.1, names.2, toUInt64(0)), visits) AS labels,
    arrayMap(visit -> toInt64(bitShiftRight(visit, 64)), visits) AS visited_ms
FROM
(
    SELECT
        profile_id,
        arrayMap(touch -> toUInt64(touch), touches) AS origins,
        arrayFilter(
            (touch, origin, origin_before, gap) -> origin_before = 0 OR gap >= 1800000 OR (bitAnd(origin, 1) = 0 AND origin != origin_before),
            touches,
            origins,
            arrayShiftRight(origins, 1),
            arrayDifference(arrayMap(touch -> toUInt64(bitShiftRight(touch, 64)), touches))
        ) AS visits,
        walks(arrayMap(each -> bitOr(toUInt128(bitShiftRight(each, 128)), toUInt128(ending)), conversions_in_order), moment(period_end) + ending) AS ends,
        arraySort(arrayConcat(visits, ends)) AS moments,
        if(
            {restart:UInt8} = 1,
            arrayResize(
                arraySplit((at, begins) -> begins, moments, arrayShiftRight(arrayMap(at -> toUInt64(at) = ending, moments), 1)),
                length(ends)
            ),
            arrayMap(
                (end, after) -> arrayPushBack(arrayFilter(visit -> visit > after AND visit <= end, visits), end),
                ends,
                walks(
                    arrayResize(CAST([], 'Array(UInt128)'), length(conversions_in_order)),
                    if(empty(conversions_in_order), 0, ends[length(conversions_in_order)])
                )
            )
        ) AS parts,
        walks(arrayMap(each -> true, conversions_in_order), false) AS of_conversions,
        walks(ids_in_order, '') AS ids,
        walks(arrayMap(each -> reinterpret(toUInt128(each), 'Decimal(38, 4)'), conversions_in_order), toDecimal128(0, 4)) AS values
    FROM
    (
        SELECT
            any(happened.profile_id) AS profile_id,
            arraySort(
                arrayFilter(
                    touch -> touch >= moment(period_start - lookback) AND touch < moment(period_end),
                    groupArrayArray(happened.touches)
                )
            ) AS touches,
            arraySort(groupArrayIf(happened.conversion, happened.conversion > 0)) AS conversions_in_order,
            if(
                {with_ids:UInt8} = 1,
                arraySort(groupArrayIf((happened.conversion, happened.conversion_id), happened.conversion > 0)).2,
                arrayMap(each -> '', conversions_in_order)
            ) AS ids_in_order
        FROM
        (
            SELECT
                if(survivor.survivor_key = 0, found.lone_key, survivor.survivor_key) AS person_key,
                coalesce(nullIf(survivor.survivor_id, ''), found.lone_profile_id) AS profile_id,
                found.touches AS touches,
                found.conversion AS conversion,
                found.conversion_id AS conversion_id
            FROM
            (
                SELECT
                    lone_key,
                    lone_profile_id,
                    touches,
                    toUInt256(0) AS conversion,
                    '' AS conversion_id
                FROM profile_activity
                WHERE workspace_id = {workspace:String}
                    AND notEmpty(touches)
                UNION ALL
                SELECT
                    lone_key,
                    lone_profile_id,
                    CAST([], 'Array(UInt128)') AS touches,
                    bitOr(
                        bitShiftLeft(toUInt256(moment(toUnixTimestamp64Milli(converted_at)) + cityHash64(conversion_rows.conversion_id)), 128),
                        toUInt256(reinterpret(value, 'UInt128'))
                    ) AS conversion,
                    if({with_ids:UInt8} = 1, conversion_rows.conversion_id, '') AS conversion_id
                FROM conversion_rows
                WHERE workspace_id = {workspace:String}
                    AND event = {conversion:String}
                    AND converted_at > toDateTime64(0, 3, 'UTC')
                    AND converted_at >= {from:DateTime64(3, 'UTC')} - toIntervalSecond({lookback_seconds:UInt32})
                    AND converted_at < {to:DateTime64(3, 'UTC')}
            ) AS found
            LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = found.lone_key
        ) AS happened
        GROUP BY person_key
        HAVING {with_nulls:UInt8} = 1 OR notEmpty(conversions_in_order)
    )
)
ARRAY JOIN parts AS part, of_conversions AS converted, ids AS conversion_id, values AS value
WHERE ended_ms >= period_start AND (converted OR notEmpty(visits))
COMMENT 'One row a path. Paths as conversion_paths shows them, with labels as numbers (odd when direct) and times in milliseconds; kept apart so that what only counts paths need not spell them out. Parameters as conversion_paths, with_ids (0: conversion_id is empty) and with_nulls (0: only those that converted)'
