-- The margin of an order is what was paid less the cost of its lines, known where the cost of every line is.
CREATE OR REPLACE VIEW order_margins
AS
SELECT
    orders.workspace_id AS workspace_id,
    orders.order_id AS order_id,
    orders.profile_id AS profile_id,
    orders.ordered_at AS ordered_at,
    orders.currency AS currency,
    orders.total AS total,
    if(lines.lines > 0 AND lines.lines = lines.with_cost, lines.cost, NULL) AS cost,
    CAST(if(cost IS NULL OR orders.total IS NULL, NULL, toDecimal128(orders.total, 4) - ifNull(orders.tax, 0) - ifNull(orders.shipping, 0) - cost), 'Nullable(Decimal(38, 4))') AS margin
FROM orders
LEFT ANY JOIN
(
    SELECT workspace_id, order_id, count() AS lines, countIf(order_lines.cost IS NOT NULL) AS with_cost, sum(order_lines.cost) AS cost
    FROM order_lines
    GROUP BY workspace_id, order_id
) AS lines ON lines.workspace_id = orders.workspace_id AND lines.order_id = orders.order_id
COMMENT 'One row an order. What is left of each order after the cost of its products, tax and shipping; null where a cost is not known'
