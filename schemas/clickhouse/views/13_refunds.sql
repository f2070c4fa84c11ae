CREATE OR REPLACE VIEW refunds
AS
WITH
    (SELECT mapFromArrays(groupArray(workspace_id), groupArray((currency, reporting_currency))) FROM workspace_settings) AS settings,
    (SELECT mapFromArrays(groupArray(rate_key), groupArray(steps)) FROM exchange_rate_steps) AS rates
SELECT
    workspace_id,
    order_id,
    profile_id,
    timestamp AS refunded_at,
    day AS refunded_on,
    total,
    currency,
    CAST(
        multiIf(
            (coalesce(nullIf(toString(order_history.currency), ''), settings[toString(order_history.workspace_id)].1) AS named_currency) = (settings[toString(order_history.workspace_id)].2 AS reporting_currency), toDecimal128(order_history.total, 4),
            (arrayLast(step -> step.1 <= toDate32(order_history.day), rates[concat(toString(order_history.workspace_id), ' ', named_currency, ' ', reporting_currency)]).2 AS rate) > 0, toDecimal128(round(toDecimal128(order_history.total, 4) * rate, 4), 4),
            NULL
        ),
        'Nullable(Decimal(38, 4))'
    ) AS reported_total,
    message_id,
    source_id,
    imported,
    properties,
    received_at
FROM order_history
WHERE kind = 'refund'
COMMENT 'One row a refund, at the time it happened; total is what was given back'
