CREATE OR REPLACE VIEW orders
AS
WITH
    (SELECT mapFromArrays(groupArray(workspace_id), groupArray((currency, reporting_currency))) FROM workspace_settings) AS settings,
    (SELECT mapFromArrays(groupArray(rate_key), groupArray(steps)) FROM exchange_rate_steps) AS rates
SELECT
    workspace_id,
    order_id,
    profile_id,
    timestamp AS ordered_at,
    day AS ordered_on,
    total,
    currency,
    CAST(
        multiIf(
            (coalesce(nullIf(toString(order_facts.currency), ''), settings[toString(order_facts.workspace_id)].1) AS named_currency) = (settings[toString(order_facts.workspace_id)].2 AS reporting_currency), toDecimal128(order_facts.total, 4),
            (arrayLast(step -> step.1 <= toDate32(order_facts.day), rates[concat(toString(order_facts.workspace_id), ' ', named_currency, ' ', reporting_currency)]).2 AS rate) > 0, toDecimal128(round(toDecimal128(order_facts.total, 4) * rate, 4), 4),
            NULL
        ),
        'Nullable(Decimal(38, 4))'
    ) AS reported_total,
    discount,
    shipping,
    tax,
    coupon,
    message_id,
    source_id,
    country,
    campaign_source,
    campaign_medium,
    campaign_name,
    imported,
    properties,
    received_at
FROM order_facts
WHERE kind = 'order'
COMMENT 'One row an order, refunds apart (view refunds). total is null when the order named no money, currency empty when it named none; reported_total is in the currency of the workspace'
