CREATE OR REPLACE VIEW orders
AS
SELECT
    workspace_id,
    order_id,
    profile_id,
    timestamp AS ordered_at,
    day AS ordered_on,
    total,
    currency,
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
COMMENT 'One row an order, refunds apart (view refunds). total is null when the order named no money, currency empty when it named none'
