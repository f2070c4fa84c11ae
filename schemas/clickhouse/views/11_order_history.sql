-- A refund that names no money gives back what is left of its order, once. Some senders write what they gave back with a minus.
CREATE OR REPLACE VIEW order_history
AS
SELECT
    happened.* EXCEPT (total, currency),
    if(happened.kind = 'refund', coalesce(given_back.amount, abs(happened.total)), happened.total) AS total,
    if(happened.kind = 'refund' AND happened.currency = '', given_back.currency, happened.currency) AS currency
FROM order_facts AS happened
LEFT ANY JOIN whole_refunds AS given_back ON given_back.log_partition = happened.log_partition AND given_back.log_offset = happened.log_offset
COMMENT 'One row an order or refund. Orders and refunds, each once; the views orders, refunds and order_lines show them apart'
