SELECT toString(cohort_month), age_months, customers, active
FROM cohort_retention_monthly
ORDER BY ALL
