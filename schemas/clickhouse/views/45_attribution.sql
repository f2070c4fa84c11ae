-- Models that look at the order of touches. A share is the difference of two running sums in Decimal, so the shares of a conversion
-- add up to 1, and the credits to the conversions and to their value, exactly.
-- position: 40% to the first, 40% to the last, the rest evenly between; of two touches half each. time-decay: a touch counts half
-- for every half_life_hours before the conversion. last-non-direct: the last touch that was not direct, else the last.
-- linear counts a repeated touch again, linear-distinct each label once (it equals the Shapley value of these conversions).
CREATE OR REPLACE VIEW attribution
AS
WITH
    (
        SELECT (groupArray(labels.label_key), groupArray(labels.name))
        FROM (SELECT DISTINCT label_key, name FROM touch_labels(workspace = {workspace:String}, by = {by:String})) AS labels
    ) AS names
SELECT
    credit.1 AS model,
    credit.2 AS label,
    sum(credit.3) AS conversions,
    sum(credit.4) AS value
FROM
(
    SELECT
        path,
        length(path) AS touches,
        arrayEnumerate(path) AS places,
        arrayLastIndex(is_direct -> NOT is_direct, direct) AS last_named,
        arrayMap(i -> toFloat64(i = 1), places) AS first,
        arrayMap(i -> toFloat64(i = touches), places) AS last,
        arrayMap(i -> toFloat64(i = if(last_named = 0, touches, last_named)), places) AS last_non_direct,
        arrayMap(i -> 1., places) AS linear,
        arrayMap(label -> 1. / countEqual(path, label), path) AS linear_distinct,
        multiIf(
            touches = 1, [1.],
            touches = 2, [1., 1.],
            arrayMap(i -> if(i IN (1, touches), 0.4, 0.2 / (touches - 2)), places)
        ) AS position,
        arrayMap(
            weights -> arrayMap(running -> toDecimal128(running / arraySum(weights), 12), arrayCumSum(weights)),
            [first, last, last_non_direct, linear, linear_distinct, position]
        ) AS running,
        arrayMap(sums -> arrayMap((sum, before) -> sum - before, sums, arrayPushFront(arrayPopBack(sums), toDecimal128(0, 12))), running) AS shares,
        arrayFlatten(
            arrayMap(
                (model, parts) -> arrayMap((label, part) -> (model, label, part * converted_here, part * value_here), path, parts),
                ['first', 'last', 'last-non-direct', 'linear', 'linear-distinct', 'position'],
                shares
            )
        ) AS by_order,
        arrayMap((label, part, money) -> ('time-decay', label, part, money), path, decayed, decayed_value) AS by_time
    FROM
    (
        SELECT
            if(empty(labels), ['(none)'], arrayMap(label -> transform(label, names.1, names.2, ''), labels)) AS path,
            if(empty(labels), [false], arrayMap(label -> CAST(label % 2, 'Bool'), labels)) AS direct,
            toDecimal128(count(), 0) AS converted_here,
            sum(decayed_of_one.value) AS value_here,
            -- Of a single touch the share is all.
            if(length(path) = 1, [toDecimal128(converted_here, 12)], sumForEach(shares_of_one)) AS decayed,
            if(length(path) = 1, [CAST(value_here, 'Decimal(38, 16)')], sumForEach(values_of_one)) AS decayed_value
        FROM
        (
            SELECT
                labels,
                conversion_walks.value AS value,
                length(labels) > 1 AS is_long,
                -- The last touch weighs 1 whatever its age, so that no weight runs out of digits before it.
                arrayMap(at -> exp2((at - visited_ms[-1]) / (3600000 * {half_life_hours:Float64})), if(is_long, visited_ms, [])) AS weights,
                arrayCumSum(weights) AS sums,
                arrayMap(sum -> toDecimal128(sum / sums[-1], 12), sums) AS running_of_one,
                arrayMap((sum, before) -> sum - before, running_of_one, arrayShiftRight(running_of_one, 1)) AS shares_of_one,
                arrayMap(part -> part * conversion_walks.value, shares_of_one) AS values_of_one
            FROM conversion_walks(
                workspace = {workspace:String},
                conversion = {conversion:String},
                from = {from:DateTime64(3, 'UTC')},
                to = {to:DateTime64(3, 'UTC')},
                lookback_seconds = {lookback_seconds:UInt32},
                restart = {restart:UInt8},
                by = {by:String},
                with_ids = 0,
                with_nulls = 0
            )
        ) AS decayed_of_one
        GROUP BY labels
    )
)
ARRAY JOIN arrayConcat(by_order, by_time) AS credit
GROUP BY model, label
COMMENT 'One row a model and label. Credit of each channel (or source, medium, campaign) for conversions and their value, by model. Parameters: those of conversion_paths, and half_life_hours'
