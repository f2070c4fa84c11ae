-- The share of each monthly cohort that ordered again, by months since the first order.
SELECT
    toString(cohort_month) AS cohortMonth,
    toUInt32(age_months) AS ageMonths,
    toUInt32(customers) AS customers,
    toUInt32(active) AS active,
    toFloat64(retention) AS retention
FROM cohort_retention_monthly
ORDER BY cohort_month, age_months
