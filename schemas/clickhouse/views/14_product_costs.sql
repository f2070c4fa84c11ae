CREATE OR REPLACE VIEW product_costs
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    product_id String COMMENT 'Product, as in order_lines',
    valid_from Date32 COMMENT 'First day that the cost holds; it holds until the next one',
    cost Decimal(18, 4) COMMENT 'What one unit costs us',
    currency LowCardinality(String) COMMENT 'Currency of cost'
)
AS
SELECT workspace_id, product_id, valid_from, amount AS cost, currency
FROM loaded_costs
WHERE kind = 'product' AND loaded_at = (SELECT max(loaded_at) FROM loaded_costs)
COMMENT 'One row a product and the day from which its cost holds. What products cost us, from the definitions'
