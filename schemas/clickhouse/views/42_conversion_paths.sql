-- The touches of a person in order of time, cut at conversions. A touch within half an hour of the one before is the same visit
-- when it is direct or has the same channel, source and campaign, and is left out.
-- A conversion's path holds the touches of the look-back before it and, with restart = 1, after the conversion before it;
-- one without any touch has the path (none). The touches after a person's last conversion are a path that did not convert.
-- From the inside out: touches and conversions of a person side by side; her visits and her conversions as arrays in order of
-- time; each path as (conversion, time in milliseconds, value, touches are after this time); its touches.
CREATE OR REPLACE VIEW conversion_paths
AS
SELECT
    profile_id,
    cut.1 AS conversion_id,
    conversion_id != '' AS converted,
    if(converted, fromUnixTimestamp64Milli(cut.2, 'UTC'), NULL) AS converted_at,
    cut.3 AS value,
    arrayFilter(visit -> visit.1 <= cut.2 AND visit.1 > cut.4, visits) AS walked,
    if(empty(walked), ['(none)'], walked.2) AS path,
    if(empty(walked), [false], walked.3) AS direct,
    if(empty(walked), [0.], arrayMap(visit -> (cut.2 - visit.1) / 3600000, walked)) AS hours_before
FROM
(
    SELECT
        any(seen.profile_id) AS profile_id,
        arraySort(groupArrayIf((at, tie, label, is_direct, visit), is_touch)) AS touched,
        arrayMap(
            i -> (touched[i].1, touched[i].3, touched[i].4),
            arrayFilter(
                i -> i = 1
                    OR touched[i].1 - touched[i - 1].1 >= 1800000
                    OR NOT (touched[i].4 OR touched[i].5 = touched[i - 1].5),
                arrayEnumerate(touched)
            )
        ) AS visits,
        arraySort(groupArrayIf((at, conversion_id, value), NOT is_touch)) AS conversions,
        toInt64({lookback_seconds:UInt32}) * 1000 AS lookback,
        toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS period_start,
        toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}) AS period_end,
        arrayMap(
            i -> (
                conversions[i].2,
                conversions[i].1,
                conversions[i].3,
                greatest(conversions[i].1 - lookback - 1, if({restart:UInt8} = 1 AND i > 1, conversions[i - 1].1, -9223372036854775807))
            ),
            arrayFilter(i -> conversions[i].1 >= period_start, arrayEnumerate(conversions))
        ) AS conversions_of_period,
        arrayPushBack(
            conversions_of_period,
            ('', period_end, toDecimal128(0, 4), greatest(period_start - 1, if(empty(conversions), period_start - 1, conversions[-1].1)))
        ) AS cuts
    FROM
    (
        SELECT
            person_key,
            profile_id,
            true AS is_touch,
            toUnixTimestamp64Milli(touched_at) AS at,
            cityHash64(message_id) AS tie,
            multiIf({by:String} = 'source', source, {by:String} = 'medium', medium, {by:String} = 'campaign', campaign, channel) AS label,
            is_direct,
            cityHash64(channel, source, campaign) AS visit,
            '' AS conversion_id,
            toDecimal128(0, 4) AS value
        FROM touches
        WHERE workspace_id = {workspace:String}
            AND touched_at >= {from:DateTime64(3, 'UTC')} - toIntervalSecond({lookback_seconds:UInt32})
            AND touched_at < {to:DateTime64(3, 'UTC')}
        UNION ALL
        SELECT
            person_key,
            profile_id,
            false AS is_touch,
            toUnixTimestamp64Milli(converted_at) AS at,
            0 AS tie,
            '' AS label,
            false AS is_direct,
            0 AS visit,
            conversion_id,
            value
        FROM conversions
        WHERE workspace_id = {workspace:String}
            AND event = {conversion:String}
            AND converted_at >= {from:DateTime64(3, 'UTC')} - toIntervalSecond({lookback_seconds:UInt32})
            AND converted_at < {to:DateTime64(3, 'UTC')}
    ) AS seen
    GROUP BY person_key
)
ARRAY JOIN cuts AS cut
WHERE converted OR notEmpty(walked)
COMMENT 'Paths of people to a conversion, or to none. Parameters: workspace, conversion (event), from, to, lookback_seconds, restart (1: a path begins anew after a conversion), by (channel, source, medium, campaign)'
