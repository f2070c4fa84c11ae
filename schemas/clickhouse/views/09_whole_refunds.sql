-- Refunds that leave out the money or the currency take them from their order: the first without money gives back what the
-- refunds with money left of it, any further one nothing.
CREATE OR REPLACE VIEW whole_refunds
AS
WITH incomplete AS
(
    SELECT order_key
    FROM recorded_orders
    WHERE kind = 'refund' AND (total IS NULL OR currency = '')
)
SELECT
    refund.log_partition AS log_partition,
    refund.log_offset AS log_offset,
    multiIf(
        refund.total IS NOT NULL, abs(refund.total),
        refund.place > 1, toDecimal64(0, 4),
        greatest(ifNull(ordered.total, 0) - ifNull(refund.named, 0), 0)
    ) AS amount,
    if(refund.currency = '', ordered.currency, toString(refund.currency)) AS currency
FROM
(
    SELECT
        order_key,
        log_partition,
        log_offset,
        total,
        currency,
        sum(abs(total)) OVER (PARTITION BY order_key) AS named,
        row_number() OVER (PARTITION BY order_key, total IS NULL ORDER BY timestamp, received_at, log_partition, log_offset) AS place
    FROM recorded_orders
    WHERE kind = 'refund' AND order_key IN incomplete
) AS refund
LEFT ANY JOIN
(
    SELECT
        order_key,
        argMax((recorded_orders.total, toString(recorded_orders.currency)), (timestamp, received_at, log_partition, log_offset)) AS newest,
        newest.1 AS total,
        newest.2 AS currency
    FROM recorded_orders
    WHERE kind = 'order' AND order_key IN incomplete
    GROUP BY order_key
) AS ordered ON ordered.order_key = refund.order_key
COMMENT 'One row a refund that leaves out money or currency. Money and currency of the refunds that leave one of them out'
