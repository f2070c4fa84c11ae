CREATE OR REPLACE VIEW cohort_retention_monthly
(
    cohort_month Date COMMENT 'Calendar month of the first order, in the time zone of the workspace',
    age_months UInt16 COMMENT 'Months since; 0 is the month of the first order itself',
    customers UInt64 COMMENT 'People whose first order fell into the month',
    active UInt64 COMMENT 'Those of them with at least one order in this month',
    retention Float64 COMMENT 'active / customers'
)
AS
SELECT cohort_month, age_months, customers, active, retention
FROM workspace_cohort_retention_monthly
WHERE workspace_id IN (SELECT argMin(workspace_id, position) FROM workspaces FINAL)
ORDER BY cohort_month, age_months
COMMENT 'One row a cohort and age, in order. Monthly cohort retention of the default workspace; workspace_cohort_retention_monthly has all'
