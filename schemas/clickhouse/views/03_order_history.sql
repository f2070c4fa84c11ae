-- An order id that was sent again is the same order: the newest by event time counts, then by arrival, then by log position.
-- An order without an id is an order of its own. An order may be refunded in parts, so every refund counts; one that names
-- no money gives the whole order back.
CREATE OR REPLACE VIEW order_history
AS
SELECT
    kept.workspace_id AS workspace_id,
    kept.order_id AS order_id,
    kept.kind AS kind,
    kept.profile_id AS profile_id,
    kept.timestamp AS timestamp,
    -- Some senders write what they gave back with a minus.
    if(
        kept.kind = 'refund',
        abs(if(kept.total IS NULL, maxIf(kept.total, kept.kind = 'order') OVER one_order, kept.total)),
        kept.total
    ) AS total,
    if(
        kept.kind = 'refund' AND kept.currency = '',
        maxIf(kept.currency, kept.kind = 'order') OVER one_order,
        kept.currency
    ) AS currency,
    kept.message_id AS message_id,
    kept.source_id AS source_id,
    kept.country AS country,
    kept.campaign_source AS campaign_source,
    kept.properties AS properties,
    kept.received_at AS received_at
FROM
(
    SELECT
        workspace_id,
        if(recorded.order_id = '', recorded.message_id, recorded.order_id) AS order_id,
        if(recorded.event = 'Order Completed', 'order', 'refund') AS kind,
        if(recorded.event = 'Order Completed', order_id, recorded.message_id) AS counted_once,
        profile_id,
        timestamp,
        total,
        toString(recorded.currency) AS currency,
        message_id,
        source_id,
        country,
        campaign_source,
        properties,
        received_at
    FROM touchpoints AS recorded
    WHERE recorded.type = 'track' AND recorded.event IN ('Order Completed', 'Order Refunded')
    ORDER BY
        recorded.timestamp DESC,
        recorded.received_at DESC,
        recorded.log_partition DESC,
        recorded.log_offset DESC
    LIMIT 1 BY workspace_id, kind, counted_once
) AS kept
WINDOW one_order AS (PARTITION BY kept.workspace_id, kept.order_id)
COMMENT 'Orders and refunds, each once; the views orders and refunds show them apart'
