CREATE OR REPLACE VIEW repeat_purchases
AS
SELECT
    workspace_id,
    toUInt64(count()) AS customers,
    toUInt64(countIf(order_count > 1)) AS repeat_by_order,
    repeat_by_order / customers AS rate_by_order,
    toUInt64(countIf(order_days > 1)) AS repeat_by_day,
    repeat_by_day / customers AS rate_by_day,
    avg(order_count) AS orders_per_customer
FROM customers
GROUP BY workspace_id
COMMENT 'One row a workspace. Repeat-purchase rate: customers with more than one order, and with orders on more than one day (the convention of most literature)'
