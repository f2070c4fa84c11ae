CREATE OR REPLACE VIEW refunds
AS
SELECT
    workspace_id,
    order_id,
    profile_id,
    timestamp AS refunded_at,
    day AS refunded_on,
    total,
    currency,
    message_id,
    source_id,
    imported,
    properties,
    received_at
FROM order_history
WHERE kind = 'refund'
COMMENT 'One row a refund, at the time it happened; total is what was given back'
