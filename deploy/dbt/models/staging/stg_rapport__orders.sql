-- One row an order. The workspace's id stands beside every key, because an order id is unique within a workspace only.
SELECT
    workspace_id,
    order_id,
    profile_id,
    ordered_at,
    ordered_on,
    total,
    currency,
    campaign_source
FROM {{ source('rapport', 'orders') }}
