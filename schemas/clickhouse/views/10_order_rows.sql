-- An order id that was sent again is the same order. An order without an id is an order of its own. An order may be refunded in
-- parts, so every refund counts.
-- Days are those of the workspace: the zone of the default one is a constant, which is a good deal faster than one a row.
CREATE OR REPLACE VIEW order_rows
AS
WITH
    (SELECT (anyIf(workspace_id, is_default), anyIf(time_zone, is_default), mapFromArrays(groupArray(workspace_id), groupArray(time_zone))) FROM workspace_zones) AS zones
SELECT
    happened.workspace_id AS workspace_id,
    happened.lone_key AS lone_key,
    happened.lone_profile_id AS lone_profile_id,
    happened.kind AS kind,
    happened.order_id AS order_id,
    happened.order_key AS order_key,
    happened.timestamp AS timestamp,
    if(
        happened.workspace_id = zones.1,
        toDate(happened.timestamp, coalesce(nullIf(zones.2, ''), 'UTC')),
        toDate(formatDateTime(happened.timestamp, '%Y-%m-%d', coalesce(nullIf(zones.3[toString(happened.workspace_id)], ''), 'UTC')))
    ) AS day,
    happened.total AS total,
    toString(happened.currency) AS currency,
    happened.is_identified AS is_identified,
    happened.discount AS discount,
    happened.shipping AS shipping,
    happened.tax AS tax,
    happened.coupon AS coupon,
    happened.message_id AS message_id,
    happened.source_id AS source_id,
    happened.country AS country,
    happened.campaign_source AS campaign_source,
    happened.campaign_medium AS campaign_medium,
    happened.campaign_name AS campaign_name,
    happened.imported AS imported,
    happened.properties AS properties,
    happened.received_at AS received_at,
    happened.log_partition AS log_partition,
    happened.log_offset AS log_offset,
    happened.products.product_id AS product_ids,
    happened.products.sku AS skus,
    happened.products.name AS product_names,
    happened.products.category AS categories,
    happened.products.brand AS brands,
    happened.products.variant AS variants,
    happened.products.coupon AS line_coupons,
    happened.products.quantity AS quantities,
    happened.products.price AS prices,
    happened.products.cost AS costs
FROM
(
    SELECT *
    FROM recorded_orders
    WHERE kind != 'order' OR (log_partition, log_offset) NOT IN (SELECT log_partition, log_offset FROM superseded_orders)
) AS happened
COMMENT 'One row an order or refund. Orders and refunds, each once, under the lone profiles that they were recorded for; order_facts says whose they are today'
