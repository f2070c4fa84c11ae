-- What is said again while it already holds (two starts, two cancellations) changes nothing; a cancellation of what was never seen to start is no
-- spell. After a cancellation a start or renewal begins the next one.
CREATE OR REPLACE VIEW subscription_spells
AS
SELECT
    workspace_id,
    subscription_id,
    toUInt32(number) AS spell,
    ran[1].day AS started_on,
    if(ran[-1].kind = 'cancelled', ran[-1].day, NULL) AS ended_on,
    if(ran[-1].kind = 'cancelled', ran[-1].is_voluntary, NULL) AS is_voluntary,
    arrayFirst(one -> one.plan != '', ran).plan AS plan,
    ran[1].interval AS interval,
    dateDiff('day', started_on, ifNull(ended_on, last_day)) AS days
FROM
(
    SELECT
        workspace_id,
        subscription_id,
        max(max(day)) OVER (PARTITION BY workspace_id) AS last_day,
        arraySort(groupArray(CAST(
            ((happened_at, received_at, log_partition, log_offset), kind, day, is_voluntary, plan, interval),
            'Tuple(stamp Tuple(DateTime64(3, \'UTC\'), DateTime64(3, \'UTC\'), UInt32, UInt64), kind String, day Date, is_voluntary Nullable(Bool), plan String, interval String)'
        ))) AS happened,
        arraySplit((one, after_end) -> after_end, happened, arrayMap(kind -> kind = 'cancelled', arrayPushFront(arrayPopBack(happened.kind), ''))) AS parts
    FROM subscription_events
    WHERE kind != 'payment-failed'
    GROUP BY workspace_id, subscription_id
)
ARRAY JOIN arrayFilter(part -> part[1].kind != 'cancelled', parts) AS ran, arrayEnumerate(arrayFilter(part -> part[1].kind != 'cancelled', parts)) AS number
COMMENT 'One row a time that a subscription ran without a break; ended_on is empty while it runs, and days then reach to the last day known'
