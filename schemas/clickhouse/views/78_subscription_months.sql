-- Month by month what each subscription was worth at its beginning and end: the charge of a month in the last word on it; nothing
-- before it starts and after it is cancelled. Money without a currency is in the workspace's own.
CREATE OR REPLACE VIEW subscription_months
AS
WITH (SELECT mapFromArrays(groupArray(workspace_id), groupArray(currency)) FROM workspace_zones) AS own_currencies
SELECT
    workspace_id,
    subscription_id,
    profile_id,
    month,
    currency,
    lagInFrame(amount_at_end, 1, toDecimal128(0, 4)) OVER one AS amount_at_start,
    amount_at_end,
    max(amount_at_end) OVER (PARTITION BY workspace_id, subscription_id ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > 0 AS was_active_before,
    cancelled_voluntarily,
    failed_payments,
    renewals
FROM
(
    SELECT
        workspace_id,
        subscription_id,
        profile_id,
        currency,
        month,
        toDecimal128(arrayLast(change -> change.1 <= month, changes).2, 4) AS amount_at_end,
        arrayLast(change -> change.1 = month, changes).3 AS cancelled_voluntarily,
        toUInt64(countEqual(failures, month)) AS failed_payments,
        toUInt64(countEqual(renewed, month)) AS renewals
    FROM
    (
        SELECT
            workspace_id,
            subscription_id,
            argMax(happened.profile_id, happened_at) AS profile_id,
            coalesce(nullIf(argMaxIf(toString(happened.currency), happened_at, happened.currency != ''), ''), own_currencies[toString(workspace_id)]) AS currency,
            arrayMap(
                change -> (change.1, change.4, change.3),
                arraySort(
                    change -> change.2,
                    groupArrayIf(
                        (
                            toStartOfMonth(day),
                            (happened_at, received_at, log_partition, log_offset),
                            toNullable(is_voluntary),
                            if(kind = 'cancelled', toDecimal128(0, 4), toDecimal128(ifNull(monthly_amount, 0), 4))
                        ),
                        kind IN ('started', 'cancelled') OR (kind = 'renewed' AND monthly_amount IS NOT NULL)
                    )
                )
            ) AS changes,
            groupArrayIf(toStartOfMonth(day), kind = 'payment-failed') AS failures,
            groupArrayIf(toStartOfMonth(day), kind = 'renewed') AS renewed,
            min(toStartOfMonth(day)) AS first_month,
            max(max(toStartOfMonth(day))) OVER (PARTITION BY workspace_id) AS last_month
        FROM subscription_events AS happened
        GROUP BY workspace_id, subscription_id
    )
    ARRAY JOIN arrayMap(n -> addMonths(first_month, n), range(toUInt64(dateDiff('month', first_month, last_month) + 1))) AS month
)
WINDOW one AS (PARTITION BY workspace_id, subscription_id ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
COMMENT 'One row a subscription and month: its monthly charge at the beginning and the end of the month'
