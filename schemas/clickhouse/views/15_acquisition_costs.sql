CREATE OR REPLACE VIEW acquisition_costs
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    valid_from Date32 COMMENT 'First day of the spending',
    valid_to Date32 COMMENT 'Last day of the spending',
    source LowCardinality(String) COMMENT 'utm_source, or host of the referrer, that it was spent on',
    medium LowCardinality(String) COMMENT 'utm_medium; empty for all',
    campaign LowCardinality(String) COMMENT 'utm_campaign; empty for all',
    amount Decimal(18, 4) COMMENT 'Money spent over all these days',
    currency LowCardinality(String) COMMENT 'Currency of amount'
)
AS
SELECT workspace_id, valid_from, valid_to, source, medium, campaign, amount, currency
FROM loaded_costs
WHERE kind = 'acquisition' AND loaded_at = (SELECT max(loaded_at) FROM loaded_costs)
COMMENT 'One row a declared spending. What was spent to win customers, from the definitions'
