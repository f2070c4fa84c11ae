-- The same thing at the same moment is one event, however often it is sent.
-- Money of a subscription is a charge of one interval; monthly_amount is the same for a month of a twelfth of a year.
CREATE OR REPLACE VIEW subscription_events
AS
SELECT
    workspace_id,
    profile_id,
    subscription_id,
    multiIf(
        event = 'Subscription Started', 'started',
        event = 'Subscription Renewed', 'renewed',
        event = 'Subscription Payment Failed', 'payment-failed',
        'cancelled'
    ) AS kind,
    timestamp AS happened_at,
    day,
    JSONExtractString(properties, 'plan') AS plan,
    coalesce(total, toDecimal64OrNull(JSONExtractString(properties, 'amount'), 4)) AS amount,
    currency,
    if(JSONExtractString(properties, 'interval') IN ('day', 'week', 'quarter', 'year'), JSONExtractString(properties, 'interval'), 'month') AS interval,
    CAST(divideDecimal(toDecimal128(amount * transform(interval, ['day', 'week', 'quarter', 'year'], [365, 52, 4, 1], 12), 4), toDecimal128(12, 0), 4), 'Nullable(Decimal(38, 4))') AS monthly_amount,
    parseDateTime64BestEffortOrNull(JSONExtractString(properties, 'renews_at'), 3, 'UTC') AS renews_at,
    JSONExtractString(properties, 'reason') AS reason,
    -- A cancellation that follows from a failed payment is nobody's wish.
    CAST(
        multiIf(
            event != 'Subscription Cancelled' OR JSONExtractString(properties, 'voluntary') = 'unknown', NULL,
            JSONExtractString(properties, 'voluntary') != '', JSONExtractString(properties, 'voluntary') IN ('true', '1'),
            NOT match(lower(reason), 'payment|card|dunning|involuntary|expired|deceased|moved')
        ),
        'Nullable(Bool)'
    ) AS is_voluntary,
    message_id,
    received_at,
    log_partition,
    log_offset
FROM
(
    SELECT
        *,
        coalesce(nullIf(JSONExtractString(properties, 'subscription_id'), ''), concat('of ', profile_id)) AS subscription_id,
        toDate(formatDateTime(timestamp, '%Y-%m-%d', coalesce(nullIf((SELECT mapFromArrays(groupArray(workspace_id), groupArray(time_zone)) FROM workspace_zones)[toString(workspace_id)], ''), 'UTC'))) AS day
    FROM touchpoints
    WHERE type = 'track'
        AND event IN ('Subscription Started', 'Subscription Renewed', 'Subscription Payment Failed', 'Subscription Cancelled')
    ORDER BY received_at, log_partition, log_offset
    LIMIT 1 BY workspace_id, subscription_id, event, timestamp
)
COMMENT 'One row an event of a subscription: what happened to it'
