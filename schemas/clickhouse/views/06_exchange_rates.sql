CREATE OR REPLACE VIEW exchange_rates
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    currency LowCardinality(String) COMMENT 'Currency that is converted',
    valid_from Date32 COMMENT 'First day that the rate holds; it holds until the next one',
    to_currency LowCardinality(String) COMMENT 'Currency that it is converted into',
    rate Decimal(18, 8) COMMENT 'What one unit of currency is worth in to_currency'
)
AS
SELECT workspace_id, currency, valid_from, to_currency, rate
FROM loaded_exchange_rates
WHERE loaded_at = (SELECT max(loaded_at) FROM loaded_exchange_rates)
COMMENT 'One row a currency and the day from which its rate holds. Exchange rates of the definitions'
