CREATE OR REPLACE VIEW purchases
AS
SELECT workspace_id, person_key, day, orders, revenue, number, first_day, day_before, day_after
FROM purchase_days
WHERE number > 0 AND is_customer
COMMENT 'One row a customer and day of orders. Days on which customers ordered, with the one before and the one after. revenue is gross, in the reporting currency'
