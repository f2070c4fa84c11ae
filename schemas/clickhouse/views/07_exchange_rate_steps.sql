-- A lookup in an array costs less than a join where few rows need a rate.
CREATE OR REPLACE VIEW exchange_rate_steps
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    rate_key String COMMENT 'Workspace, currency and to_currency with a blank between: what rates are looked up by',
    steps Array(Tuple(Date32, Decimal(18, 8))) COMMENT 'First day and rate of each, in order of time'
)
AS
SELECT
    workspace_id,
    concat(toString(workspace_id), ' ', toString(currency), ' ', toString(to_currency)) AS rate_key,
    arraySort(groupArray((valid_from, rate))) AS steps
FROM exchange_rates
GROUP BY workspace_id, rate_key
COMMENT 'One row a currency and the one that it is converted into: all its rates in order of time'
