SELECT toString(cohort_month), age_months, customers, toString(cumulative_revenue)
FROM ltv_by_cohort_monthly
ORDER BY cohort_month, age_months
