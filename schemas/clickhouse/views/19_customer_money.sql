CREATE OR REPLACE VIEW customer_money
AS
SELECT workspace_id, person_key, profile_id, kind, order_id, order_key, timestamp, day, is_reported, currency, amount
FROM money_moves
WHERE person_key NOT IN (SELECT person_key FROM guest_customers)
COMMENT 'One row an order or refund. Orders and refunds of people, guests left out'
