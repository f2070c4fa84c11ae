CREATE OR REPLACE VIEW ltv_by_cohort_monthly
(
    cohort_month Date COMMENT 'Calendar month of the first order, in the time zone of the workspace',
    age_months UInt16 COMMENT 'Months since; 0 is the month of the first order itself',
    customers UInt64 COMMENT 'People whose first order fell into the month',
    revenue Decimal(38, 4) COMMENT 'Orders less refunds of this month, in the reporting currency of the workspace',
    cumulative_revenue Decimal(38, 4) COMMENT 'The same from the first order up to this month',
    ltv Decimal(38, 4) COMMENT 'cumulative_revenue / customers'
)
AS
SELECT cohort_month, age_months, customers, revenue, cumulative_revenue, ltv
FROM workspace_ltv_by_cohort_monthly
WHERE (workspace_id, currency) IN (SELECT workspace_id, reporting_currency FROM workspace_settings WHERE is_default)
ORDER BY cohort_month, age_months
COMMENT 'One row a cohort and age, in order. Cumulative lifetime value by monthly cohort of the default workspace; workspace_ltv_by_cohort_monthly has all workspaces and currencies'
