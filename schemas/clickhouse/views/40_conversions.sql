-- What one may want to explain: an order, or any other track event, each once. Money without a currency is in the workspace's own.
CREATE OR REPLACE VIEW conversions
AS
SELECT
    happened.workspace_id AS workspace_id,
    happened.profile_id AS profile_id,
    happened.event AS event,
    happened.conversion_id AS conversion_id,
    happened.converted_at AS converted_at,
    toDecimal128(ifNull(happened.total, 0), 4) AS value,
    coalesce(nullIf(happened.currency, ''), settings.currency, '') AS currency
FROM
(
    SELECT
        workspace_id,
        profile_id,
        'Order Completed' AS event,
        order_id AS conversion_id,
        ordered_at AS converted_at,
        total,
        toString(orders.currency) AS currency
    FROM orders
    UNION ALL
    SELECT
        workspace_id,
        profile_id,
        toString(touchpoints.event) AS event,
        message_id AS conversion_id,
        timestamp AS converted_at,
        total,
        toString(touchpoints.currency) AS currency
    FROM touchpoints
    WHERE type = 'track' AND touchpoints.event != 'Order Completed'
) AS happened
LEFT ANY JOIN
(
    SELECT workspace_id, toString(currency) AS currency
    FROM workspaces
    FINAL
) AS settings ON settings.workspace_id = happened.workspace_id
COMMENT 'Orders, and every other track event, as something that can be attributed or compared; filter by event'
