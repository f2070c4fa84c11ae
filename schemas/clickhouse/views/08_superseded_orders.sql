-- Few orders are sent twice, so only those are compared: the newest by event time counts, then by arrival, then by log position.
-- Half of a key finds the candidates at half the cost; the whole key decides.
CREATE OR REPLACE VIEW superseded_orders
AS
SELECT log_partition, log_offset
FROM recorded_orders
WHERE kind = 'order'
    AND toUInt64(order_key) IN
    (
        SELECT toUInt64(order_key) AS half
        FROM recorded_orders
        WHERE kind = 'order'
        GROUP BY half
        HAVING count() > 1
    )
ORDER BY order_key, timestamp DESC, received_at DESC, log_partition DESC, log_offset DESC
LIMIT 1, 1000000000 BY order_key
COMMENT 'One row an order that does not count. Positions of orders that were sent again under the same order_id, all but the newest'
