CREATE OR REPLACE VIEW subscriptions
AS
WITH (SELECT mapFromArrays(groupArray(workspace_id), groupArray(currency)) FROM workspace_zones) AS own_currencies
SELECT
    workspace_id,
    subscription_id,
    argMax(happened.profile_id, stamp) AS profile_id,
    argMaxIf(happened.plan, stamp, happened.plan != '') AS plan,
    argMaxIf(happened.amount, stamp, happened.amount IS NOT NULL AND kind IN ('started', 'renewed')) AS amount,
    coalesce(nullIf(argMaxIf(toString(happened.currency), stamp, happened.currency != ''), ''), own_currencies[toString(workspace_id)]) AS currency,
    argMaxIf(happened.monthly_amount, stamp, happened.monthly_amount IS NOT NULL AND kind IN ('started', 'renewed')) AS monthly_amount,
    argMaxIf(happened.interval, stamp, kind IN ('started', 'renewed')) AS interval,
    min(happened_at) AS started_at,
    countIf(kind = 'renewed') AS renewals,
    countIf(kind = 'payment-failed') AS failed_payments,
    maxIf(toNullable(happened_at), kind = 'renewed') AS last_renewed_at,
    argMaxIf(happened.renews_at, stamp, happened.renews_at IS NOT NULL) AS renews_at,
    argMax(kind, stamp) AS last_kind,
    multiIf(last_kind = 'cancelled', 'cancelled', last_kind = 'payment-failed', 'past-due', 'active') AS status,
    if(last_kind = 'cancelled', max(toNullable(happened_at)), NULL) AS cancelled_at,
    if(last_kind = 'cancelled', argMax(happened.reason, stamp), '') AS cancellation_reason,
    if(last_kind = 'cancelled', argMax(happened.is_voluntary, stamp), NULL) AS is_voluntary
FROM
(
    SELECT *, (happened_at, received_at, log_partition, log_offset) AS stamp
    FROM subscription_events
) AS happened
GROUP BY workspace_id, subscription_id
COMMENT 'One row a subscription, as it stands by the last thing that happened to it'
